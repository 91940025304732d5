package org.dl4jgn.testing;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Checks that something fails in the words that a user needs. */
public final class Failures {

    private Failures() {}

    /** Asserts that {@code action} throws a {@code type} whose message contains all of {@code words}; gives the message. */
    public static String assertFails(Class<? extends Throwable> type, Executable action, String... words) {
        String message = String.valueOf(assertThrows(type, action).getMessage());
        for (String word : words) {
            assertTrue(message.contains(word), () -> "'" + word + "' is not in: " + message);
        }
        return message;
    }

    /** The same of a step, which leaves parameters, state and counters as they are. */
    public static void assertNothingChanges(
            MultiLayerNetwork net, DataSet data, Class<? extends Exception> type, String... words) {
        long[] before = bits(net);
        INDArray state = net.updaterState().dup();
        int steps = net.getIterationCount();
        assertFails(type, () -> net.fit(data), words);
        assertArrayEquals(before, bits(net));
        assertEquals(state, net.updaterState());
        assertEquals(steps, net.getIterationCount());
    }
}
