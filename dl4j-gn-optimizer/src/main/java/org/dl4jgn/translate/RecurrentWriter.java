package org.dl4jgn.translate;

import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.dl4jgn.ops.CellFunction;
import org.dl4jgn.ops.Recurrence;
import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Writes a recurrent layer: the input's part of the pre-activations, XW + b, of all steps at once, and a {@link Recurrence}.
 *
 * <p>Its parameters enter by the cotangents δ of that part alone: a row of the Jacobian is Σₜ xₜ ⊗ δₜ for W, Σₜ hₜ₋₁ ⊗ δₜ for R
 * and Σₜ δₜ for b; those of peepholes are in {@link PeepholeUse}.
 */
final class RecurrentWriter {

    private static final Map<Class<? extends IActivation>, CellFunction> FUNCTIONS = Map.of(
            ActivationIdentity.class, CellFunction.IDENTITY,
            ActivationTanH.class, CellFunction.TANH,
            ActivationSigmoid.class, CellFunction.SIGMOID,
            ActivationHardSigmoid.class, CellFunction.HARD_SIGMOID,
            ActivationReLU.class, CellFunction.RELU,
            ActivationHardTanH.class, CellFunction.HARD_TANH,
            ActivationSoftSign.class, CellFunction.SOFTSIGN);

    /** DL4J's names of the state. */
    private static final String OUTPUT = "prevAct";

    private static final String CELLS = "prevMem";

    private final GraphWriter writer;
    private final UnaryOperator<String> keys;

    /** @param keys what DL4J calls the parameters W, RW and b here */
    RecurrentWriter(GraphWriter writer, UnaryOperator<String> keys) {
        this.writer = writer;
        this.keys = keys;
    }

    /** What a cell's function is. */
    static CellFunction function(IActivation activation, GraphWriter writer) {
        CellFunction function = FUNCTIONS.get(activation.getClass());
        if (function == null) {
            throw writer.unsupported(
                    "activation " + activation + " in a recurrent layer",
                    Set.of("identity, tanh, sigmoid, hardsigmoid, relu, hardtanh, softsign"));
        }
        return function;
    }

    /** The input of a recurrent layer, checked, with the layer's dropout. */
    static Activations input(BaseRecurrentLayer layer, Activations input, GraphWriter writer) {
        if (layer instanceof GravesLSTM || layer instanceof GravesBidirectionalLSTM) {
            ConvolutionTranslator.refuseWeightNoise(layer, writer);
        } else {
            writer.weightNoise(layer);
        }
        input.requireSteps(writer);
        Formats.require(layer.getRnnDataFormat() != RNNFormat.NWC, input, writer);
        if (input.channels() != layer.getNIn()) {
            throw new GeometryException(layer.getNIn() + " channels are needed, got " + input.channels());
        }
        return DropoutWriter.write(layer.getIDropout(), input, writer);
    }

    /**
     * Writes the layer.
     *
     * @param mask which steps are there, or null
     */
    Activations write(RecurrentCell cell, long units, Activations input, @Nullable SDVariable mask) {
        long in = input.channels();
        long columns = units * cell.blocks();
        long steps = input.shape()[0];
        SDVariable x = input.variable();
        SDVariable w = writer.parameter(keys.apply("W"), ParameterLayout.columns(in, columns), in, columns);
        SDVariable r = writer.parameter(keys.apply("RW"), ParameterLayout.columns(units, columns), units, columns);
        SDVariable peepholes = cell.peepholes()
                ? writer.part("-peepholes", keys.apply("RW"), ParameterLayout.columns(units, 3), units, 3)
                : null;
        SDVariable b = writer.parameter(keys.apply("b"), columns);
        SDVariable q = writer.graph().nn().biasAdd(writer.graph().mmul(x, w), b, false);
        if (writer.carriesState() && writer.frozen().isWriting()) {
            throw writer.unsupported(
                    "truncated backpropagation through time in a frozen layer",
                    Set.of("BackpropType.Standard", "recurrent layers that are trained"));
        }
        boolean carried = writer.carriesState() && !input.isOutline();
        SDVariable output = carried ? writer.stateBefore(OUTPUT, input.batch(), units) : null;
        SDVariable cells = carried && cell.gated() ? writer.stateBefore(CELLS, input.batch(), units) : null;
        Recurrence layer = Recurrence.of(
                writer.graph(),
                cell,
                input.batch(),
                steps,
                units,
                new Recurrence.Inputs(q, r, peepholes, mask, output, cells));
        if (output != null) {
            writer.state(OUTPUT, output, layer.output());
        }
        if (cells != null) {
            writer.state(CELLS, cells, layer.cells());
        }
        long rows = steps * input.sequences().folded();
        writer.convolution(x, w, b, q, rows);
        writer.convolution(layer.previous(), r, null, q, rows);
        if (peepholes != null) {
            writer.peepholes(peepholes, layer, q, rows);
        }
        return input.with(layer.output(), steps, units);
    }
}
