package org.dl4jgn.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/**
 * The losses that can be trained with, each with its {@link LossTranslator}.
 *
 * <p>A loss is found by its exact class: a subclass may compute something else, so it is refused until it has an entry.
 *
 * <p>Your own loss is a class of DL4J's {@link ILossFunction} for {@code score()} and evaluation, and an entry here for
 * training. For one that is a sum over the elements of the output, extend {@link PointwiseLoss}:
 *
 * <pre>{@code
 * OutputLosses.register(MyLoss.class, new LossTranslator<MyLoss>() {
 *     public String name() { return "MY_LOSS"; }
 *     public OutputLoss create(MyLoss loss, LossInputs inputs) { return inputs.pointwise(MyPointwiseLoss::new); }
 * });
 * }</pre>
 *
 * For one that couples outputs, extend {@link JointLoss}; for one that is best computed from z, {@link OutputLoss} or {@link
 * DiagonalLoss}.
 */
public final class OutputLosses {

    private static final Map<Class<?>, LossTranslator<?>> TRANSLATORS = new ConcurrentHashMap<>(Map.ofEntries(
            entry(LossMSE.class, SquaredError.mean()),
            entry(LossL2.class, SquaredError.sum()),
            entry(LossMCXENT.class, new CrossEntropy("MCXENT", false)),
            entry(LossNegativeLogLikelihood.class, new CrossEntropy("NEGATIVELOGLIKELIHOOD", false)),
            entry(LossSparseMCXENT.class, new CrossEntropy("SPARSE_MCXENT", true)),
            entry(LossBinaryXENT.class, new BinaryCrossEntropy()),
            entry(LossPoisson.class, new Poisson()),
            entry(LossL1.class, AbsoluteError.sum()),
            entry(LossMAE.class, AbsoluteError.mean()),
            entry(LossMAPE.class, new AbsolutePercentageError()),
            entry(LossMSLE.class, new SquaredLogarithmicError()),
            entry(LossHinge.class, new Hinge()),
            entry(LossSquaredHinge.class, new SquaredHinge()),
            entry(LossKLD.class, new KullbackLeibler()),
            entry(LossWasserstein.class, new Wasserstein()),
            entry(LossCosineProximity.class, new CosineProximity()),
            entry(LossMultiLabel.class, new MultiLabel())));

    /** What stands for the loss of a layer. */
    @FunctionalInterface
    interface LayerLoss {
        OutputLoss create(LossInputs inputs);
    }

    /** Output layers whose loss is more than a loss function. */
    private static final Map<Class<?>, LayerLoss> OF_LAYERS = Map.of(
            CenterLossOutputLayer.class, CenterLoss::new,
            Yolo2OutputLayer.class, Yolo2Loss::new);

    /** Losses of DL4J that no step can be taken with, and why. */
    private static final Map<Class<?>, String> REFUSED = Map.of(
            LossMixtureDensity.class,
            "because the loss of an example, −log Σₖ αₖN(y; μₖ, σₖ²), is not convex in any of its arguments, so that it has no"
                    + " positive semidefinite curvature",
            LossFMeasure.class,
            "because it is not a sum over the examples, so that it has no curvature example by example");

    private static <L extends ILossFunction> Map.Entry<Class<?>, LossTranslator<?>> entry(
            Class<L> loss, LossTranslator<? super L> translator) {
        return Map.entry(loss, translator);
    }

    private OutputLosses() {}

    /**
     * Adds a loss for all networks that are attached from now on.
     *
     * @throws IllegalArgumentException if the class has an entry already
     */
    public static <L extends ILossFunction> void register(Class<L> loss, LossTranslator<? super L> translator) {
        LossTranslator<?> before = TRANSLATORS.putIfAbsent(loss, translator);
        if (before != null) {
            throw new IllegalArgumentException(
                    "Loss " + loss.getName() + " is registered already, as " + before.name()
                            + ", and an entry is never replaced: networks may be training with it. Register a class of your own.");
        }
    }

    /**
     * What stands for a loss.
     *
     * @throws UnsupportedNetworkException if there is nothing
     */
    @SuppressWarnings("unchecked") // the map pairs each class with a translator of it
    private static LossTranslator<ILossFunction> of(ILossFunction loss) {
        LossTranslator<ILossFunction> translator = (LossTranslator<ILossFunction>) TRANSLATORS.get(loss.getClass());
        if (translator == null) {
            String reason = REFUSED.get(loss.getClass());
            throw new UnsupportedNetworkException("Loss " + loss + " ("
                    + loss.getClass().getName() + ") is not supported" + (reason == null ? "" : ", " + reason)
                    + ". Supported: " + String.join(", ", names())
                    + ", and what OutputLosses.register adds.");
        }
        return translator;
    }

    /** Names of the losses, as users write them. */
    static Set<String> names() {
        return TRANSLATORS.values().stream().map(LossTranslator::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The entries, by class. */
    static Map<Class<?>, LossTranslator<?>> entries() {
        return new LinkedHashMap<>(TRANSLATORS);
    }

    /** Whether labels are class indices rather than one column an output. */
    public static boolean isSparse(ILossFunction loss) {
        return of(loss).isSparse();
    }

    /** Whether the outputs of a row are coupled, so that a mask of labels can leave out whole rows only. */
    public static boolean isJoint(Head head) {
        return head.isSoftmax() || of(head.loss()).isJoint();
    }

    /**
     * DL4J's weights of the loss's outputs, or null.
     *
     * @throws UnsupportedNetworkException if there is not one for each output, or one that is not a number ≥ 0: with a
     *     negative weight the loss is not convex and its curvature not positive semidefinite
     */
    public static @Nullable INDArray weightsOf(ILossFunction loss, long outputs) {
        INDArray weights = of(loss).weights(loss);
        if (weights == null) {
            return null;
        }
        if (weights.length() != outputs) {
            throw new UnsupportedNetworkException(
                    "Loss " + loss + " has " + weights.length() + " weights for a layer with " + outputs
                            + " outputs. Supported: one weight for each output, or none.");
        }
        for (long i = 0; i < outputs; i++) {
            double weight = weights.getDouble(i);
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new UnsupportedNetworkException("Loss " + loss + " has the weight " + weight + " for output " + i
                        + ". Supported: finite weights ≥ 0.");
            }
        }
        return weights;
    }

    /**
     * The loss of a head on z.
     *
     * @throws UnsupportedNetworkException if the loss, or the loss on this activation, is not supported
     */
    public static OutputLoss create(LossInputs inputs) {
        LayerLoss own = OF_LAYERS.get(inputs.head().conf().getClass());
        return own == null ? ofFunction(inputs) : own.create(inputs);
    }

    /** The loss function of a head, on the z that it alone reads. */
    static OutputLoss ofFunction(LossInputs inputs) {
        Head head = inputs.head();
        return of(head.loss()).create(head.loss(), inputs);
    }
}
