package org.dl4jgn.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jgn.bench.problem.Architecture.Convolutional;
import org.dl4jgn.bench.problem.Architecture.Convolutional.Convolution;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static long parameters(Architecture architecture, int inputs, int outputs, Task task) {
        return architecture
                .network(new NeuralNetConfiguration.Builder(), inputs, outputs, task)
                .numParams();
    }

    @Test
    void convolutionsAreNotPadded() {
        Architecture fashion = new Convolutional(
                1, 28, List.of(new Convolution(6, 5, true), new Convolution(16, 5, true)), List.of(120, 84));
        // 28 -> 24 -> 12 -> 8 -> 4
        long convolutions = 6 * (25 + 1) + 16 * (6 * 25 + 1);
        long dense = 120 * (16 * 4 * 4 + 1) + 84 * (120 + 1) + 10 * (84 + 1);
        assertEquals(convolutions + dense, parameters(fashion, 784, 10, Task.CLASSES));
    }

    @Test
    void denseNetworks() {
        long expected = 32 * (8 + 1) + 64 * (32 + 1) + 32 * (64 + 1) + (32 + 1);
        assertEquals(expected, parameters(Problems.MEDIUM, 8, 1, Task.REGRESSION));
    }
}
