package org.dl4jgn.translate;

import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A network's pre-activations of the output layers, z = f(x; θ), as a SameDiff graph for batches of one shape.
 *
 * <p>Of the values of the forward pass the first dimension counts examples, or positions, those of an example in a row: what
 * forms rows of the Jacobian relies on it, except where {@link #unassembled} says that there are none.
 *
 * @param graph the graph; inputs, parameters and noise are placeholders
 * @param batch the shape of batches
 * @param inputs features and masks of features
 * @param parameters the parameters, in DL4J's order; their slots tile the flat vector without gaps
 * @param frozen those of the parameters that stay as they are
 * @param statistics those of the parameters that are not trained
 * @param uses how the parameters enter, one entry a layer that has any; together they use every parameter once, if {@code
 *     unassembled} is empty
 * @param unassembled the layers whose columns of the Jacobian are not formed
 * @param noise random inputs
 * @param activations the output of each layer that is no head, in order, by the name or number that DL4J knows it by
 * @param heads the pre-activations of the output layers, each with its loss
 * @param states what recurrent layers carry from batch to batch; none unless the model is trained so
 * @param classes number of classes for each input whose features are class indices
 */
public record TranslatedNetwork(
        SameDiff graph,
        BatchShape batch,
        List<NetworkInput> inputs,
        List<ParameterSlot> parameters,
        List<ParameterSlot> frozen,
        List<RunningStatistic> statistics,
        List<ParameterUse> uses,
        List<String> unassembled,
        List<NoiseSlot> noise,
        Map<String, LayerOutput> activations,
        List<NetworkHead> heads,
        List<StateSlot> states,
        Map<Integer, Long> classes) {

    /** Number of classes if the features of an input are class indices, else 0. */
    public long classes(int input) {
        return classes.getOrDefault(input, 0L);
    }

    /** C, the elements of the z of all heads for one example. */
    public long outputs() {
        return heads.stream().mapToLong(NetworkHead::length).sum();
    }

    /** Whether the Jacobian's rows can be formed, and so Gram matrices be assembled. */
    public boolean assembled() {
        return unassembled.isEmpty();
    }

    /** The parameters that are trained: all but frozen ones and running statistics. */
    public List<ParameterSlot> trained() {
        return parameters.stream()
                .filter(slot -> !frozen.contains(slot))
                .filter(slot -> statistics.stream().noneMatch(s -> s.slot().offset() == slot.offset()))
                .toList();
    }

    /** d, the number of parameters. */
    public long parameterCount() {
        return parameters.stream().mapToLong(ParameterSlot::length).sum();
    }
}
