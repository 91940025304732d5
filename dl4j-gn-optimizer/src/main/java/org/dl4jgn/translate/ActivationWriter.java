package org.dl4jgn.translate;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.transforms.custom.ThresholdRelu;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.RationalTanh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.RectifiedTanh;
import org.nd4j.linalg.api.ops.random.impl.UniformDistribution;
import org.nd4j.linalg.factory.Nd4j;

/** Writes DL4J's activation functions as the SameDiff operations that compute the same numbers. */
public final class ActivationWriter {

    /** Activations without a setting; those with one are written in {@link #write}. */
    private static final Map<Class<? extends IActivation>, Function> FUNCTIONS = Map.ofEntries(
            Map.entry(ActivationIdentity.class, (g, x) -> x),
            Map.entry(ActivationCube.class, (g, x) -> g.math().cube(x)),
            Map.entry(ActivationHardSigmoid.class, (g, x) -> g.nn().hardSigmoid(x)),
            Map.entry(ActivationHardTanH.class, (g, x) -> g.nn().hardTanh(x)),
            Map.entry(ActivationMish.class, (g, x) -> new Mish(g, x, false).outputVariable()),
            Map.entry(ActivationRationalTanh.class, (g, x) -> new RationalTanh(g, x, false).outputVariable()),
            Map.entry(ActivationRectifiedTanh.class, (g, x) -> new RectifiedTanh(g, x, false).outputVariable()),
            Map.entry(ActivationReLU6.class, (g, x) -> g.nn().relu6(x, 0.0)),
            Map.entry(ActivationSELU.class, (g, x) -> g.nn().selu(x)),
            Map.entry(ActivationSigmoid.class, (g, x) -> g.nn().sigmoid(x)),
            Map.entry(ActivationSoftmax.class, (g, x) -> g.nn().softmax(x)),
            Map.entry(ActivationSoftPlus.class, (g, x) -> g.nn().softplus(x)),
            Map.entry(ActivationSoftSign.class, (g, x) -> g.nn().softsign(x)),
            Map.entry(ActivationSwish.class, (g, x) -> g.nn().swish(x)),
            Map.entry(ActivationTanH.class, (g, x) -> g.math().tanh(x)));

    private interface Function {
        SDVariable apply(SameDiff graph, SDVariable x);
    }

    private ActivationWriter() {}

    static Activations write(IActivation activation, Activations x, GraphWriter writer) {
        return activation instanceof ActivationIdentity
                ? x
                : x.with(write(activation, x.variable(), x.matrixShape(), writer));
    }

    /**
     * Writes {@code activation} of {@code x}.
     *
     * @throws UnsupportedNetworkException if the activation, or a setting of it, has no counterpart
     */
    public static SDVariable write(IActivation activation, SDVariable x, long[] shape, GraphWriter writer) {
        SameDiff graph = writer.graph();
        Function function = FUNCTIONS.get(activation.getClass());
        if (function != null) {
            return function.apply(graph, x);
        }
        if (activation instanceof ActivationReLU && activation.equals(new ActivationReLU())) {
            return graph.nn().relu(x, 0.0);
        }
        if (activation instanceof ActivationELU elu && elu.getAlpha() == ActivationELU.DEFAULT_ALPHA) {
            return graph.nn().elu(x);
        }
        if (activation.getClass() == ActivationLReLU.class) {
            return new LeakyReLU(graph, x, false, ((ActivationLReLU) activation).getAlpha()).outputVariable();
        }
        if (activation.getClass() == ActivationGELU.class) {
            return ((ActivationGELU) activation).isPrecise()
                    ? graph.nn().preciseGelu(x)
                    : graph.nn().gelu(x);
        }
        if (activation.getClass() == ActivationThresholdedReLU.class) {
            double theta = ((ActivationThresholdedReLU) activation).getTheta();
            return new ThresholdRelu(graph, x, false, theta).outputVariable();
        }
        if (activation.getClass() == ActivationRReLU.class) {
            return randomizedRelu((ActivationRReLU) activation, x, shape, writer);
        }
        throw writer.unsupported("activation " + describe(activation), names());
    }

    private static String describe(IActivation activation) {
        return activation instanceof ActivationReLU
                ? activation + " with a maximum, a threshold or a negative slope"
                : activation.toString();
    }

    /** y = x where x ≥ 0, else αx, with α drawn from U(l, u) for every element. */
    private static SDVariable randomizedRelu(ActivationRReLU rrelu, SDVariable x, long[] shape, GraphWriter writer) {
        SDVariable alpha = writer.noise(
                        1,
                        shape,
                        (targets, random, iteration, epoch) -> Nd4j.getExecutioner()
                                .exec(new UniformDistribution(targets.get(0), rrelu.getL(), rrelu.getU()), random))
                .get(0);
        SDVariable positive = writer.graph().nn().relu(x, 0.0);
        return positive.add(alpha.mul(x.sub(positive)));
    }

    private static Set<String> names() {
        Set<String> names =
                new TreeSet<>(Set.of("relu", "elu(alpha=1.0)", "leakyrelu", "gelu", "thresholdedrelu", "rrelu"));
        FUNCTIONS
                .keySet()
                .forEach(c ->
                        names.add(c.getSimpleName().replace("Activation", "").toLowerCase(java.util.Locale.ROOT)));
        return names;
    }
}
