package org.dl4jgn.spark;

import java.io.Serializable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.translate.GraphModel;
import org.dl4jgn.translate.MultiLayerModel;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What an executor needs to know of a network, all but its parameters.
 *
 * @param training the training's name, unique
 * @param isGraph whether it is a {@link ComputationGraph}
 * @param json its configuration
 * @param type of parameters and arithmetic
 */
record NetworkSpec(String training, boolean isGraph, String json, DataType type) implements Serializable {

    /** That of a network. */
    static NetworkSpec of(String training, Model net) {
        return net instanceof ComputationGraph graph
                ? new NetworkSpec(
                        training,
                        true,
                        graph.getConfiguration().toJson(),
                        graph.params().dataType())
                : of(training, (MultiLayerNetwork) net);
    }

    private static NetworkSpec of(String training, MultiLayerNetwork net) {
        return new NetworkSpec(
                training,
                false,
                net.getLayerWiseConfigurations().toJson(),
                net.params().dataType());
    }

    /** The problems of such a network. */
    NetworkProblems problems() {
        if (isGraph) {
            ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
            graph.init();
            return new NetworkProblems(new GraphModel(graph));
        }
        MultiLayerNetwork net = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
        net.init();
        return new NetworkProblems(new MultiLayerModel(net));
    }
}
