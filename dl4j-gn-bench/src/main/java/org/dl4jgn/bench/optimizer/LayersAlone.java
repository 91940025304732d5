package org.dl4jgn.bench.optimizer;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;

/** What methods ask for that drive DL4J's layers themselves. */
final class LayersAlone {

    private LayersAlone() {}

    /**
     * The network, layer after layer.
     *
     * @throws UnsupportedNetworkException if it is a graph
     */
    static MultiLayerNetwork of(Model net, String optimizer) {
        if (net instanceof MultiLayerNetwork layers) {
            return layers;
        }
        throw new UnsupportedNetworkException(
                optimizer + " trains layers one after the other (MultiLayerNetwork), and this is a "
                        + net.getClass().getSimpleName() + "; sgn, egn and DL4J's updaters, such as adam, train both");
    }
}
