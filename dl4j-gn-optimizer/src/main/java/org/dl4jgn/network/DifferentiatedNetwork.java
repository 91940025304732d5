package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.autodiff.TransposeFactors;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.NoiseSlot;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.TranslatedNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network's z and, in the same graph, the two products with its Jacobian: ż = Jv by forward mode and Jᵀu by the
 * transposition of that.
 *
 * @param network the network
 * @param slots the trained parameters
 * @param tangents v, one placeholder for each of them
 * @param jvp Jv
 * @param cotangent u, a placeholder
 * @param products Jᵀu, one variable for each of them
 * @param useCotangents the cotangent of the output of each {@link ParameterUse}, of which its share of Jᵀu is made
 * @param factors names of the values that these are computed from beside u and the parameters
 */
public record DifferentiatedNetwork(
        TranslatedNetwork network,
        List<ParameterSlot> slots,
        List<SDVariable> tangents,
        SDVariable jvp,
        SDVariable cotangent,
        List<SDVariable> products,
        List<SDVariable> useCotangents,
        Set<String> factors) {

    /**
     * Translates {@code model} for batches of {@code batch} examples. The names of the variables do not depend on {@code
     * batch}.
     *
     * @param example the shape of an example's features, as DL4J has it
     */
    public static DifferentiatedNetwork of(Model model, long batch, long... example) {
        TranslatedNetwork network = model.translate(batch, example);
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
        SDVariable jvp = forward.tangent(network.preOutput()).orElseThrow();
        List<SDVariable> useTangents = network.uses().stream()
                .map(use -> forward.tangent(use.output()).orElseThrow())
                .toList();
        SDVariable u = graph.placeHolder("cotangent", type, batch, network.outputs());
        List<SDVariable> inputs = new ArrayList<>(tangents);
        inputs.addAll(useTangents);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(graph, jvp, u, inputs);
        List<SDVariable> useCotangents = pick(cotangents, useTangents);
        return new DifferentiatedNetwork(
                network,
                slots,
                tangents,
                jvp,
                u,
                pick(cotangents, tangents),
                useCotangents,
                TransposeFactors.of(graph, u, tangents, data(network), useCotangents));
    }

    private static List<SDVariable> pick(Map<String, SDVariable> from, List<SDVariable> variables) {
        return variables.stream()
                .map(v -> Objects.requireNonNull(from.get(v.name()), v.name()))
                .toList();
    }

    private static List<SDVariable> data(TranslatedNetwork network) {
        List<SDVariable> data = new ArrayList<>(List.of(network.features()));
        for (NoiseSlot slot : network.noise()) {
            slot.variables().forEach(name -> data.add(network.graph().getVariable(name)));
        }
        return data;
    }
}
