package org.dl4jgn.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes {@code net.gradient()} show the network's gradient array, parameter by parameter. */
final class NetworkGradient {

    private NetworkGradient() {}

    static void publish(MultiLayerNetwork net) {
        Gradient known = net.gradient();
        if (known != null && known.gradient() == net.getGradientsViewArray()) {
            return;
        }
        INDArray flat = net.getGradientsViewArray();
        DefaultGradient gradient = new DefaultGradient(flat);
        for (org.deeplearning4j.nn.api.Layer layer : net.getLayers()) {
            if (layer.numParams() == 0) {
                continue;
            }
            Map<String, INDArray> views = layer.conf()
                    .getLayer()
                    .initializer()
                    .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
            views.forEach((key, view) -> gradient.setGradientFor(layer.getIndex() + "_" + key, view));
        }
        NetworkFields.setGradient(net, gradient);
    }
}
