package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A network's pre-activations of the output layer, z = f(x; θ), as a SameDiff graph for one batch size.
 *
 * @param graph the graph; features, parameters and noise are placeholders
 * @param features the features x, [b, n], each example element after element as DL4J has it
 * @param featureShape their shape, [b, n]
 * @param example the shape of an example, as DL4J has it
 * @param parameters the parameters, in DL4J's order; their slots tile the flat vector without gaps
 * @param statistics those of the parameters that are not trained
 * @param uses how the parameters enter, one entry a layer that has any; together they use every parameter once, if {@code
 *     unassembled} is empty
 * @param unassembled the layers whose columns of the Jacobian are not formed
 * @param noise random inputs
 * @param activations the output of each layer but the last, in order
 * @param preOutput z, [b, c]
 * @param outputs c
 * @param classes number of classes if the features are class indices, else 0
 */
public record TranslatedNetwork(
        SameDiff graph,
        SDVariable features,
        long[] featureShape,
        long[] example,
        List<ParameterSlot> parameters,
        List<RunningStatistic> statistics,
        List<ParameterUse> uses,
        List<String> unassembled,
        List<NoiseSlot> noise,
        List<LayerOutput> activations,
        SDVariable preOutput,
        long outputs,
        long classes) {

    /** Whether the Jacobian's rows can be formed, and so Gram matrices be assembled. */
    public boolean assembled() {
        return unassembled.isEmpty();
    }

    /** The parameters that z depends on in training mode: all but running statistics. */
    public List<ParameterSlot> trained() {
        return parameters.stream()
                .filter(slot -> statistics.stream().noneMatch(s -> s.slot().offset() == slot.offset()))
                .toList();
    }

    /** d, the number of parameters. */
    public long parameterCount() {
        return parameters.stream().mapToLong(ParameterSlot::length).sum();
    }
}
