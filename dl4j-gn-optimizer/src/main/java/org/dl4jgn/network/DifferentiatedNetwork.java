package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.autodiff.TransposeFactors;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.GraphWriter;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.NoiseSlot;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.TranslatedNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The z of a network's heads and, in the same graph, the two products with their Jacobian: ż = Jv by forward mode and Jᵀu,
 * summed over the heads, by the transposition of that.
 *
 * @param network the network
 * @param slots the trained parameters
 * @param tangents v, one placeholder for each of them
 * @param jvps Jv, one variable for each head
 * @param cotangents u, one placeholder for each head
 * @param products Jᵀu, one variable for each of them
 * @param useCotangents the cotangent of the output of each {@link ParameterUse}, of which its share of Jᵀu is made
 * @param factors names of the values that these are computed from beside u and the parameters
 */
public record DifferentiatedNetwork(
        TranslatedNetwork network,
        List<ParameterSlot> slots,
        List<SDVariable> tangents,
        List<SDVariable> jvps,
        List<SDVariable> cotangents,
        List<SDVariable> products,
        List<SDVariable> useCotangents,
        Set<String> factors) {

    /**
     * Translates {@code model} for batches of one shape. The names of the variables do not depend on the number of examples.
     */
    public static DifferentiatedNetwork of(Model model, BatchShape batch) {
        TranslatedNetwork network = model.translate(batch);
        SameDiff graph = network.graph();
        DataType type = model.type();
        ForwardMode forward = new ForwardMode(graph);
        List<SDVariable> tangents = new ArrayList<>();
        List<ParameterSlot> slots = network.trained();
        for (ParameterSlot slot : slots) {
            SDVariable tangent = graph.placeHolder(slot.variable() + "-tangent", type, slot.shape());
            forward.seed(graph.getVariable(slot.variable()), tangent);
            tangents.add(tangent);
        }
        List<SDVariable> jvps = new ArrayList<>();
        List<SDVariable> cotangents = new ArrayList<>();
        for (NetworkHead head : network.heads()) {
            jvps.add(forward.tangent(head.preOutput()).orElseThrow(() -> constant(head.head())));
            cotangents.add(graph.placeHolder("cotangent" + cotangents.size(), type, head.rows(), head.outputs()));
        }
        List<SDVariable> useTangents = network.uses().stream()
                .map(use -> forward.tangent(use.output()).orElseThrow())
                .toList();
        List<SDVariable> inputs = new ArrayList<>(tangents);
        inputs.addAll(useTangents);
        Map<String, SDVariable> transposed = ReverseMode.cotangents(graph, jvps, cotangents, inputs);
        List<SDVariable> useCotangents = pick(graph, transposed, useTangents);
        return new DifferentiatedNetwork(
                network,
                slots,
                tangents,
                jvps,
                cotangents,
                pick(graph, transposed, tangents),
                useCotangents,
                TransposeFactors.of(graph, cotangents, tangents, data(network), useCotangents));
    }

    private static UnsupportedNetworkException constant(Head head) {
        return new UnsupportedNetworkException(GraphWriter.describe(head.layer(), head.conf())
                + ": an output that depends on no parameter that is trained is not supported; those before it are frozen, or there are none."
                + " Supported: an output behind at least one layer with parameters that is not frozen.");
    }

    /** Zeros for what no output depends on, as the state's weights in a sequence of one step. */
    private static List<SDVariable> pick(SameDiff graph, Map<String, SDVariable> from, List<SDVariable> variables) {
        return variables.stream()
                .map(v -> {
                    SDVariable found = from.get(v.name());
                    return found == null ? graph.zerosLike(v) : found;
                })
                .toList();
    }

    private static List<SDVariable> data(TranslatedNetwork network) {
        List<SDVariable> data = new ArrayList<>();
        network.inputs().forEach(input -> data.add(input.variable()));
        network.states().forEach(state -> data.add(state.before()));
        for (NoiseSlot slot : network.noise()) {
            slot.variables().forEach(name -> data.add(network.graph().getVariable(name)));
        }
        return data;
    }
}
