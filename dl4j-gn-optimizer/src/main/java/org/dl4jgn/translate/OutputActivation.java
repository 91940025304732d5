package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activation of the output layer, o = σ(z), as a graph of its own, because the loss decides what it needs of it.
 *
 * @param graph the graph
 * @param z its input, [b, c]
 * @param o its output; z itself for the identity
 * @param noise random inputs
 */
public record OutputActivation(SameDiff graph, SDVariable z, SDVariable o, List<NoiseSlot> noise) {

    /**
     * Translates the activation of an output layer.
     *
     * @param like an array of the shape and type of z
     * @throws UnsupportedNetworkException if the activation is not supported
     */
    public static OutputActivation of(Head head, INDArray like) {
        SameDiff graph = SameDiff.create();
        GraphWriter writer = new GraphWriter(graph, like.dataType());
        writer.startLayer(head.layer(), head.conf());
        SDVariable z = graph.placeHolder("z", like.dataType(), like.shape());
        SDVariable o = ActivationWriter.write(head.activation(), z, like.shape(), writer);
        return new OutputActivation(graph, z, o, writer.noise());
    }

    /** Whether o is z. */
    public boolean isIdentity() {
        return o == z;
    }
}
