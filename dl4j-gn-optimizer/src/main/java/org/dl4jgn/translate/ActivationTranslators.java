package org.dl4jgn.translate;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.autodiff.samediff.SDVariable;
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

/**
 * The activation functions that can be translated, each with its translator.
 *
 * <p>An activation is found by its exact class: a subclass may compute something else, so it is refused until it is
 * registered.
 *
 * <pre>{@code
 * ActivationTranslators.register(Sine.class, (sine, x, shape, writer) -> writer.graph().math().sin(x));
 * }</pre>
 */
public final class ActivationTranslators {

    private static final Map<Class<? extends IActivation>, ActivationTranslator<?>> BUILT_IN = Map.ofEntries(
            entry(ActivationIdentity.class, (a, x, shape, w) -> x),
            entry(ActivationCube.class, (a, x, shape, w) -> w.graph().math().cube(x)),
            entry(ActivationELU.class, ActivationTranslators::elu),
            entry(
                    ActivationGELU.class,
                    (a, x, shape, w) -> a.isPrecise()
                            ? w.graph().nn().preciseGelu(x)
                            : w.graph().nn().gelu(x)),
            entry(
                    ActivationHardSigmoid.class,
                    (a, x, shape, w) -> w.graph().nn().hardSigmoid(x)),
            entry(ActivationHardTanH.class, (a, x, shape, w) -> w.graph().nn().hardTanh(x)),
            entry(
                    ActivationLReLU.class,
                    (a, x, shape, w) -> new LeakyReLU(w.graph(), x, false, a.getAlpha()).outputVariable()),
            entry(ActivationMish.class, (a, x, shape, w) -> new Mish(w.graph(), x, false).outputVariable()),
            entry(
                    ActivationRationalTanh.class,
                    (a, x, shape, w) -> new RationalTanh(w.graph(), x, false).outputVariable()),
            entry(
                    ActivationRectifiedTanh.class,
                    (a, x, shape, w) -> new RectifiedTanh(w.graph(), x, false).outputVariable()),
            entry(ActivationReLU.class, ActivationTranslators::relu),
            entry(ActivationReLU6.class, (a, x, shape, w) -> w.graph().nn().relu6(x, 0.0)),
            entry(ActivationRReLU.class, ActivationTranslators::randomizedRelu),
            entry(ActivationSELU.class, (a, x, shape, w) -> w.graph().nn().selu(x)),
            entry(ActivationSigmoid.class, (a, x, shape, w) -> w.graph().nn().sigmoid(x)),
            entry(ActivationSoftmax.class, new Softmax()),
            entry(ActivationSoftPlus.class, (a, x, shape, w) -> w.graph().nn().softplus(x)),
            entry(ActivationSoftSign.class, (a, x, shape, w) -> w.graph().nn().softsign(x)),
            entry(ActivationSwish.class, (a, x, shape, w) -> w.graph().nn().swish(x)),
            entry(ActivationTanH.class, (a, x, shape, w) -> w.graph().math().tanh(x)),
            entry(
                    ActivationThresholdedReLU.class,
                    (a, x, shape, w) -> new ThresholdRelu(w.graph(), x, false, a.getTheta()).outputVariable()));

    private static final Map<Class<? extends IActivation>, ActivationTranslator<?>> REGISTERED =
            new ConcurrentHashMap<>();

    private ActivationTranslators() {}

    private static <A extends IActivation> Map.Entry<Class<? extends IActivation>, ActivationTranslator<?>> entry(
            Class<A> activation, ActivationTranslator<A> translator) {
        return Map.entry(activation, translator);
    }

    /**
     * Makes networks with an activation of one's own trainable, in this process; to be called before {@code attach}.
     *
     * @param activation the class, exactly: subclasses are registered on their own
     * @param translator writes it; operations that are new to the library need tangent rules
     * @throws IllegalArgumentException if the class has a translator already
     */
    public static <A extends IActivation> void register(Class<A> activation, ActivationTranslator<A> translator) {
        if (BUILT_IN.containsKey(activation) || REGISTERED.putIfAbsent(activation, translator) != null) {
            throw new IllegalArgumentException("Activation " + activation.getName() + " has a translator already, "
                    + (BUILT_IN.containsKey(activation) ? "the library's" : "registered before")
                    + "; register a class that has none");
        }
    }

    /**
     * The translator of an activation; where there is none, that is noted as a refusal.
     */
    @SuppressWarnings("unchecked") // the maps pair each class with a translator of it
    static ActivationTranslator<IActivation> of(IActivation activation, GraphWriter writer) {
        ActivationTranslator<?> translator = BUILT_IN.get(activation.getClass());
        if (translator == null) {
            translator = REGISTERED.get(activation.getClass());
        }
        if (translator == null) {
            writer.refuse(
                    "activation " + activation + " (" + activation.getClass().getName() + ")", names());
            return (anything, x, shape, to) -> x;
        }
        return (ActivationTranslator<IActivation>) translator;
    }

    /** The library's, then those that were registered. */
    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        BUILT_IN.keySet()
                .forEach(c ->
                        names.add(c.getSimpleName().replace("Activation", "").toLowerCase(Locale.ROOT)));
        names.removeAll(Set.of("elu", "lrelu"));
        names.addAll(Set.of("elu(alpha=1.0)", "leakyrelu"));
        Set<String> all = new LinkedHashSet<>(names);
        REGISTERED.keySet().stream().map(Class::getSimpleName).sorted().forEach(all::add);
        return all;
    }

    private static SDVariable relu(ActivationReLU relu, SDVariable x, long[] shape, GraphWriter writer) {
        if (!relu.equals(new ActivationReLU())) {
            writer.refuse("activation " + relu + " with a maximum, a threshold or a negative slope", names());
        }
        return writer.graph().nn().relu(x, 0.0);
    }

    /** DL4J's own derivative ignores alpha. */
    private static SDVariable elu(ActivationELU elu, SDVariable x, long[] shape, GraphWriter writer) {
        if (elu.getAlpha() != ActivationELU.DEFAULT_ALPHA) {
            writer.refuse("activation " + elu, names());
        }
        return writer.graph().nn().elu(x);
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

    private static final class Softmax implements ActivationTranslator<ActivationSoftmax> {

        @Override
        public SDVariable translate(ActivationSoftmax softmax, SDVariable x, long[] shape, GraphWriter writer) {
            return writer.graph().nn().softmax(x);
        }

        @Override
        public boolean isElementwise() {
            return false;
        }
    }
}
