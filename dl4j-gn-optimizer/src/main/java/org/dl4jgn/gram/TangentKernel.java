package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.DifferentiatedNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.network.TangentKernelGraph;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.translate.NetworkInput;
import org.dl4jgn.translate.NoiseSlot;
import org.dl4jgn.translate.ParameterSlot;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Products JJᵀu of a compiled network, in its own arrays: from the heads' cotangents to their tangents.
 *
 * <p>Nothing of the forward pass is computed again: derivatives of activations, and the layers' inputs, are those of the network.
 */
final class TangentKernel implements AutoCloseable {

    private final CompiledNetwork at;
    private final ExecutionPlan plan;
    private final List<String> inputs = new ArrayList<>();

    /**
     * Compiles.
     *
     * @param graphs source of the network's graph
     */
    TangentKernel(GraphSource graphs, ParameterSpace space, CompiledNetwork at) {
        this.at = at;
        DifferentiatedNetwork products = graphs.differentiated(at.batchSize());
        List<SDVariable> results = TangentKernelGraph.extend(products);
        PlanCompiler compiler = new PlanCompiler(products.network().graph());
        for (NetworkInput input : products.network().inputs()) {
            inputs.add(input.name());
            compiler.input(input.name(), at.array(input.name()), Stage.FORWARD);
        }
        for (NoiseSlot slot : products.network().noise()) {
            slot.variables().forEach(name -> compiler.input(name, at.array(name), Stage.FORWARD));
        }
        List<ParameterSlot> fixed = new ArrayList<>(products.slots());
        fixed.addAll(products.network().frozen());
        fixed.forEach(slot -> compiler.input(slot.variable(), slot.inWorkingOrder(space.theta), Stage.FORWARD));
        for (int i = 0; i < products.tangents().size(); i++) {
            // of which a transposed product reads no more than shapes
            compiler.onesInput(
                    products.tangents().get(i).name(),
                    space.theta.dataType(),
                    products.slots().get(i).shape());
        }
        Set<String> known = new LinkedHashSet<>(products.factors());
        products.network().uses().forEach(use -> use.inputs().forEach(input -> known.add(input.name())));
        products.network()
                .activations()
                .values()
                .forEach(output -> known.add(output.variable().name()));
        known.removeAll(inputs);
        known.forEach(name -> compiler.input(name, at.array(name), Stage.FORWARD));
        for (int h = 0; h < at.heads().size(); h++) {
            compiler.input(products.cotangents().get(h).name(), at.heads().get(h).cotangent, Stage.VJP)
                    .output(results.get(h).name(), at.heads().get(h).jvp);
        }
        plan = compiler.compile();
    }

    /** Whether there are products for this network: every parameter acts through a layer, and no state goes from batch to batch. */
    static boolean isFor(DifferentiatedNetwork network) {
        return network.network().assembled() && network.network().states().isEmpty();
    }

    /** Takes in what all products at the linearization point of the network share. */
    void load() {
        inputs.forEach(name -> plan.bind(name, at.array(name)));
        plan.run(Stage.BATCH);
        plan.run(Stage.FORWARD);
        plan.run(Stage.LINEARIZE);
    }

    /** The heads' {@code jvp ← JJᵀu} for u in their cotangents. */
    void multiply() {
        plan.run(Stage.VJP);
    }

    /** Bytes that this allocated. */
    long bytes() {
        return plan.bytes();
    }

    @Override
    public void close() {
        plan.close();
    }
}
