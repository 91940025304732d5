package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jgn.translate.Head;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A loss on an output of a graph.
 *
 * @param output name of z, [b, c], what the activation is applied to
 * @param activation o = σ(z)
 * @param loss ℓ(o, y)
 */
record GraphHead(String output, Activation activation, LossFunction loss) {

    private static final Map<String, GraphHead> RECOGNIZED = Map.of(
            "mean_sqerr_loss", new GraphHead("", Activation.IDENTITY, LossFunction.MSE),
            "softmax_cross_entropy_loss", new GraphHead("", Activation.SOFTMAX, LossFunction.MCXENT),
            "sigm_cross_entropy_loss", new GraphHead("", Activation.SIGMOID, LossFunction.XENT));

    /** SameDiff's numbers for a mean, over the weights or over those that are not zero. */
    private static final List<Long> MEANS = List.of(2L, 3L);

    /** The head as the losses take it. */
    Head head(int index, long outputs) {
        BaseLayer conf = new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(1)
                .nOut(outputs)
                .build();
        return new Head(index, conf, loss.getILossFunction(), activation.getActivationFunction());
    }

    /**
     * The heads that the graph's own loss variables are.
     *
     * @throws IllegalArgumentException naming the loss that is not one of these, and why
     */
    static List<GraphHead> recognized(SameDiff graph) {
        List<String> losses = graph.getLossVariables();
        if (losses == null || losses.isEmpty()) {
            throw new IllegalArgumentException("No loss: name one with head(z, activation, loss), or mark one of the"
                    + " graph's own with sd.setLossVariables(loss)");
        }
        List<GraphHead> heads = new ArrayList<>();
        losses.forEach(loss -> heads.add(recognized(graph, loss)));
        return heads;
    }

    private static GraphHead recognized(SameDiff graph, String loss) {
        String producer = graph.getVariables().containsKey(loss)
                ? graph.getVariables().get(loss).getOutputOfOp()
                : null;
        SameDiffOp op = producer == null ? null : graph.getOps().get(producer);
        String name = op == null ? "nothing" : op.getOp().opName();
        GraphHead kind = RECOGNIZED.get(name);
        if (op == null || kind == null) {
            throw refused(loss, "it is computed by " + name);
        }
        long reduction = ((DynamicCustomOp) op.getOp()).iArgs()[0];
        if (!MEANS.contains(reduction)) {
            throw refused(loss, "it is no mean");
        }
        for (double argument : ((DynamicCustomOp) op.getOp()).tArgs()) {
            if (argument != 0) {
                throw refused(loss, "it smooths labels");
            }
        }
        List<String> inputs = op.getInputsToOp();
        if (graph.getVariable(inputs.get(1)).getVariableType() != VariableType.CONSTANT) {
            throw refused(loss, "it has weights");
        }
        return new GraphHead(inputs.get(0), kind.activation, kind.loss);
    }

    private static IllegalArgumentException refused(String loss, String why) {
        return new IllegalArgumentException("Loss variable '" + loss + "' is not recognized: " + why
                + ". Recognized are means of mean_sqerr_loss, softmax_cross_entropy_loss and sigm_cross_entropy_loss without"
                + " weights; name another with head(z, activation, loss)");
    }
}
