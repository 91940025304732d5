package org.dl4jgn.dl4j;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.Solver;
import org.jspecify.annotations.Nullable;

/** The two fields of a DL4J network that have no public setter; the only reflection on DL4J in this library. */
final class NetworkFields {

    private NetworkFields() {}

    static @Nullable Solver solver(MultiLayerNetwork net) {
        return (Solver) get(net, "solver");
    }

    static void setSolver(MultiLayerNetwork net, Solver solver) {
        set(net, "solver", solver);
    }

    static void setGradient(MultiLayerNetwork net, Gradient gradient) {
        set(net, "gradient", gradient);
    }

    private static @Nullable Object get(MultiLayerNetwork net, String name) {
        try {
            return field(MultiLayerNetwork.class, name).get(net);
        } catch (IllegalAccessException e) {
            throw inaccessible(MultiLayerNetwork.class, name, e);
        }
    }

    private static void set(MultiLayerNetwork net, String name, Object value) {
        try {
            field(MultiLayerNetwork.class, name).set(net, value);
        } catch (IllegalAccessException e) {
            throw inaccessible(MultiLayerNetwork.class, name, e);
        }
    }

    /**
     * A field, looked up each time (some µs, once a network): in a static initializer an exception would lose its message.
     *
     * @throws IllegalStateException if there is none that can be reached
     */
    static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw inaccessible(type, name, e);
        }
    }

    private static IllegalStateException inaccessible(Class<?> type, String name, Exception cause) {
        return new IllegalStateException(
                "This version of DL4J's " + type.getSimpleName() + " has no accessible field '" + name
                        + "'. This library needs DL4J 1.0.0-M2.1: set deeplearning4j-core to that version",
                cause);
    }
}
