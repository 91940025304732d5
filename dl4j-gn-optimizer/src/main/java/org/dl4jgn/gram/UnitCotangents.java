package org.dl4jgn.gram;

import java.util.List;
import java.util.function.Function;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.DifferentiatedNetwork;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.plan.Views;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.NoiseSlot;
import org.dl4jgn.translate.ParameterSlot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cotangents of every layer's output for each of the b·c outputs zᵢₖ, with c those of all heads and positions together: row
 * i·c + k is what the reverse pass makes of the unit cotangent of example i and output k.
 *
 * <p>All are back-propagated at once, as by a network with b·c examples, but nothing of the forward pass is computed
 * again: derivatives of activations and the like come from the plan of the b examples, each row repeated c times. Cost:
 * the part of a reverse pass of b·c examples that leads to the layers' outputs.
 */
final class UnitCotangents implements AutoCloseable {

    private final ExecutionPlan plan;
    private final Buffers buffers = new Buffers();
    private final Program repeat = buffers.own(new Program());
    private final List<INDArray> cotangents;

    /**
     * Those of a compiled network.
     *
     * @param graph the network's graph, for b·c examples
     * @param theta where the parameters are, [d]
     */
    static UnitCotangents of(DifferentiatedNetwork graph, INDArray theta, CompiledNetwork at) {
        return new UnitCotangents(graph, theta, at.batchSize(), at.outputs(), at::array);
    }

    private UnitCotangents(
            DifferentiatedNetwork graph, INDArray theta, long b, long c, Function<String, INDArray> values) {
        DataType type = theta.dataType();
        PlanCompiler compiler = new PlanCompiler(graph.network().graph());
        graph.network().inputs().forEach(input -> compiler.onesInput(input.name(), type, input.shape()));
        graph.network()
                .states()
                .forEach(state -> compiler.onesInput(
                        state.before().name(), type, state.before().getShape()));
        long offset = 0;
        for (int h = 0; h < graph.cotangents().size(); h++) {
            NetworkHead head = graph.network().heads().get(h);
            compiler.input(graph.cotangents().get(h).name(), unit(type, b, c, head, offset), Stage.VJP);
            offset += head.length();
        }
        for (NoiseSlot slot : graph.network().noise()) {
            slot.variables().forEach(name -> compiler.onesInput(name, type, slot.shape()));
        }
        for (int i = 0; i < graph.tangents().size(); i++) {
            ParameterSlot slot = graph.slots().get(i);
            compiler.input(slot.variable(), slot.inWorkingOrder(theta), Stage.FORWARD)
                    .onesInput(graph.tangents().get(i).name(), type, slot.shape());
        }
        for (ParameterSlot slot : graph.network().frozen()) {
            compiler.input(slot.variable(), slot.inWorkingOrder(theta), Stage.FORWARD);
        }
        for (String factor : graph.factors()) {
            compiler.input(factor, repeated(values.apply(factor), b, c), Stage.VJP);
        }
        graph.useCotangents().forEach(v -> compiler.output(v.name()));
        plan = compiler.compile();
        cotangents =
                graph.useCotangents().stream().map(v -> plan.output(v.name())).toList();
    }

    /**
     * Bytes that this takes for an example: every array has the same share for each, so that the bytes of a batch are at
     * most as many times those of one.
     *
     * @param graph the network's graph, for c examples
     * @param at the network, for any number of examples
     */
    static long bytesOfAnExample(DifferentiatedNetwork graph, INDArray theta, CompiledNetwork at) {
        long b = at.batchSize();
        try (Buffers values = new Buffers();
                UnitCotangents one = new UnitCotangents(graph, theta, 1, at.outputs(), name -> {
                    INDArray ofBatch = at.array(name);
                    long[] shape = ofBatch.shape().clone();
                    shape[0] /= b;
                    return values.allocate(ofBatch.dataType(), shape);
                })) {
            return one.bytes();
        }
    }

    /** Of the copies of example i, copy offset + l is the unit vector of the head's l-th output, the others are zero. */
    private INDArray unit(DataType type, long b, long c, NetworkHead head, long offset) {
        INDArray copies = buffers.allocate(type, b * c, head.length()).assign(0.0);
        for (long i = 0; i < b; i++) {
            for (long l = 0; l < head.length(); l++) {
                copies.putScalar(i * c + offset + l, l, 1.0);
            }
        }
        return Views.reshape(copies, head.rows(), head.outputs());
    }

    private INDArray repeated(INDArray rows, long b, long c) {
        if (c == 1) {
            return rows;
        }
        long[] shape = rows.shape().clone();
        shape[0] *= c;
        INDArray result = buffers.allocate(rows.dataType(), shape);
        long columns = rows.length() / b;
        repeat.copy(Views.reshape(rows, b, 1, columns), Views.reshape(result, b, c, columns));
        return result;
    }

    /** Back-propagates, at the linearization point of the plan that was given. */
    void run() {
        repeat.run();
        plan.run(Stage.BATCH);
        plan.run(Stage.FORWARD);
        plan.run(Stage.LINEARIZE);
        plan.run(Stage.VJP);
    }

    /** The cotangents of the output of the i-th use of parameters, [b·c, ...]. */
    INDArray of(int i) {
        return cotangents.get(i);
    }

    /** Bytes that this allocated. */
    long bytes() {
        return plan.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        plan.close();
        buffers.close();
    }
}
