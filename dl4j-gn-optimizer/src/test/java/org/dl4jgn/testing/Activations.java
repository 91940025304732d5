package org.dl4jgn.testing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/** DL4J's activation functions. */
public final class Activations {

    private static final List<IActivation> WITH_SETTINGS =
            List.of(new ActivationLReLU(0.3), new ActivationThresholdedReLU(0.4), new ActivationGELU(true));

    private Activations() {}

    /** Every value of {@link Activation}, and the settings that are supported. */
    public static Stream<IActivation> all() {
        return Stream.concat(
                Arrays.stream(Activation.values()).map(Activation::getActivationFunction), WITH_SETTINGS.stream());
    }

    /** Those that are functions of one number. */
    public static Stream<IActivation> elementwise() {
        return deterministic().filter(a -> !(a instanceof ActivationSoftmax));
    }

    /** Those that compute the same each time. */
    public static Stream<IActivation> deterministic() {
        return all().filter(a -> !(a instanceof ActivationRReLU));
    }
}
