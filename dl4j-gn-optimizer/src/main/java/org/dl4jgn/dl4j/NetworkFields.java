package org.dl4jgn.dl4j;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.Solver;
import org.jspecify.annotations.Nullable;

/** The two fields of a DL4J network that have no public setter; the only reflection on DL4J in this library. */
final class NetworkFields {

    private static final Field SOLVER = field("solver");
    private static final Field GRADIENT = field("gradient");

    private NetworkFields() {}

    private static Field field(String name) {
        try {
            Field field = MultiLayerNetwork.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "This version of DL4J's MultiLayerNetwork has no accessible field '" + name
                            + "'; this library needs DL4J 1.0.0-M2.1",
                    e);
        }
    }

    static @Nullable Solver solver(MultiLayerNetwork net) {
        try {
            return (Solver) SOLVER.get(net);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static void setSolver(MultiLayerNetwork net, Solver solver) {
        set(SOLVER, net, solver);
    }

    static void setGradient(MultiLayerNetwork net, Gradient gradient) {
        set(GRADIENT, net, gradient);
    }

    private static void set(Field field, MultiLayerNetwork net, Object value) {
        try {
            field.set(net, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
