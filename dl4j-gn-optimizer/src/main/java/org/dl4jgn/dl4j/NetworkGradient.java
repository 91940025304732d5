package org.dl4jgn.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes {@code net.gradient()} show the network's gradient array, parameter by parameter. */
final class NetworkGradient {

    private NetworkGradient() {}

    static void publish(AttachableNetwork net) {
        Gradient known = net.gradient();
        if (known != null && known.gradient() == net.gradientsView()) {
            return;
        }
        INDArray flat = net.gradientsView();
        DefaultGradient gradient = new DefaultGradient(flat);
        for (org.deeplearning4j.nn.api.Layer layer : net.layers()) {
            if (layer.numParams() == 0) {
                continue;
            }
            Map<String, INDArray> views = layer.conf()
                    .getLayer()
                    .initializer()
                    .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
            views.forEach((key, view) -> gradient.setGradientFor(net.gradientPrefix(layer) + key, view));
        }
        net.setGradient(gradient);
    }
}
