package org.dl4jgn.dl4j;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.Solver;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The fields of DL4J's networks that have no public getter or setter; the only reflection on DL4J in this library. */
final class NetworkFields {

    private NetworkFields() {}

    static @Nullable Solver solver(Model net) {
        return (Solver) get(net, "solver");
    }

    static void setSolver(Model net, Solver solver) {
        set(net, "solver", solver);
    }

    static void setGradient(MultiLayerNetwork net, Gradient gradient) {
        set(net, "gradient", gradient);
    }

    /** The labels of the mini-batch that a graph is fitted to. */
    static @Nullable INDArray @Nullable [] labels(ComputationGraph net) {
        return (INDArray[]) get(net, "labels");
    }

    /** Where the fields are: users may have classes of their own that extend these. */
    private static Class<?> type(Model net) {
        return net instanceof ComputationGraph ? ComputationGraph.class : MultiLayerNetwork.class;
    }

    private static @Nullable Object get(Model net, String name) {
        try {
            return field(type(net), name).get(net);
        } catch (IllegalAccessException e) {
            throw inaccessible(type(net), name, e);
        }
    }

    private static void set(Model net, String name, Object value) {
        try {
            field(type(net), name).set(net, value);
        } catch (IllegalAccessException e) {
            throw inaccessible(type(net), name, e);
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
