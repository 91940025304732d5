package org.dl4jgn.network;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.translate.GraphWriter;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * DL4J's l2 regularization, ½θᵀDθ with a diagonal D: the coefficient of each parameter array, schedules included.
 *
 * <p>Like DL4J's score, it is added to the mean loss, so D is in units of the mean loss.
 */
public final class L2Penalty {

    private final List<ParameterSlot> slots;
    private final List<List<L2Regularization>> terms;
    private final double[] current;
    private final @Nullable INDArray diagonal;
    private final @Nullable INDArray product;

    private L2Penalty(List<ParameterSlot> slots, List<List<L2Regularization>> terms, ParameterSpace space) {
        this.slots = slots;
        this.terms = terms;
        this.current = new double[slots.size()];
        boolean none = terms.stream().allMatch(List::isEmpty);
        diagonal = none ? null : space.newVector();
        product = none ? null : space.newVector();
    }

    /**
     * Reads the regularization of every parameter.
     *
     * @throws UnsupportedNetworkException for anything but l2
     */
    public static L2Penalty of(MultiLayerNetwork net, ParameterSpace space) {
        List<ParameterSlot> slots = space.slots();
        List<List<L2Regularization>> terms =
                slots.stream().map(slot -> termsOf(net, slot)).toList();
        return new L2Penalty(slots, terms, space);
    }

    private static List<L2Regularization> termsOf(MultiLayerNetwork net, ParameterSlot slot) {
        Layer layer = net.getLayer(slot.layer());
        List<Regularization> all = layer.conf().getLayer().getRegularizationByParam(slot.key());
        if (all == null) {
            return List.of();
        }
        for (Regularization r : all) {
            if (!(r instanceof L2Regularization)) {
                throw new UnsupportedNetworkException(
                        GraphWriter.describe(slot.layer(), layer.conf().getLayer()) + ", parameter " + slot.key() + ": "
                                + r.getClass().getSimpleName() + " is not supported, because it is not a term of the"
                                + " loss with a second derivative. Supported: l2 and l2Bias.");
            }
        }
        return all.stream().map(r -> (L2Regularization) r).toList();
    }

    /** The diagonal D in working order, or null if it is zero; valid until the next {@link #update}. */
    @Nullable
    public INDArray diagonal() {
        return diagonal;
    }

    /** Evaluates schedules. */
    public void update(int iteration, int epoch) {
        if (diagonal == null) {
            return;
        }
        double[] next = new double[current.length];
        for (int i = 0; i < next.length; i++) {
            for (L2Regularization term : terms.get(i)) {
                next[i] += term.getL2().valueAt(iteration, epoch);
            }
        }
        if (Arrays.equals(next, current)) {
            return;
        }
        System.arraycopy(next, 0, current, 0, next.length);
        for (int i = 0; i < next.length; i++) {
            slots.get(i).inWorkingOrder(diagonal).assign(next[i]);
        }
    }

    /** The diagonal of D on the parameters of one slot; constant within it. */
    public double coefficient(ParameterSlot slot) {
        for (int i = 0; i < current.length; i++) {
            if (slots.get(i).offset() == slot.offset()) {
                return current[i];
            }
        }
        throw new IllegalArgumentException("No parameter " + slot);
    }

    /** {@code v ← (D + λI)⁻¹ v}. */
    public void divideByDamped(INDArray v, double lambda) {
        if (diagonal == null) {
            Vectors.scale(1 / lambda, v);
            return;
        }
        for (ParameterSlot slot : slots) {
            Vectors.scale(1 / (coefficient(slot) + lambda), slot.inWorkingOrder(v));
        }
    }

    /** ½θᵀDθ. */
    public double value(INDArray theta) {
        if (diagonal == null || product == null) {
            return 0;
        }
        theta.muli(diagonal, product);
        return 0.5 * Vectors.dot(theta, product);
    }

    /** {@code result ← result + Dv}. */
    public void addProduct(INDArray v, INDArray result) {
        addScaledProduct(1.0, v, result);
    }

    /** {@code result ← result − Dv}. */
    public void subtractProduct(INDArray v, INDArray result) {
        addScaledProduct(-1.0, v, result);
    }

    private void addScaledProduct(double factor, INDArray v, INDArray result) {
        if (diagonal != null && product != null) {
            v.muli(diagonal, product);
            Vectors.axpy(factor, product, result);
        }
    }
}
