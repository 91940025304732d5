package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.dl4jgn.bench.control.ReplayBuffer.Transition;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {

    @Test
    void theOldestAreForgotten() {
        ReplayBuffer buffer = new ReplayBuffer(3);
        for (int i = 0; i < 8; i++) {
            buffer.add(new Transition(new double[] {i}, i, 0, new double[] {i + 1}, false));
        }
        assertEquals(3, buffer.size());
        List<Transition> drawn = buffer.draw(200, new Random(1));
        assertEquals(200, drawn.size());
        assertTrue(drawn.stream()
                .map(Transition::action)
                .collect(Collectors.toSet())
                .equals(Set.of(5, 6, 7)));
    }

    @Test
    void theSameSeedDrawsTheSame() {
        ReplayBuffer buffer = new ReplayBuffer(10);
        for (int i = 0; i < 10; i++) {
            buffer.add(new Transition(new double[] {i}, i, 0, new double[] {i + 1}, false));
        }
        assertEquals(buffer.draw(20, new Random(3)), buffer.draw(20, new Random(3)));
    }
}
