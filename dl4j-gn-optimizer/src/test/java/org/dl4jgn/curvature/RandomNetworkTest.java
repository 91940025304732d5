package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.RandomNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Networks that DL4J trains, whatever their layers: loss and gradient are DL4J's, or the network is refused by name. */
class RandomNetworkTest {

    private static final int NETWORKS = 120;
    private static final int BATCH = 4;
    private static final int CLASSES = 3;

    @Test
    void isDl4jsOrRefusedByName() {
        List<String> refused = new ArrayList<>();
        int accepted = 0;
        for (long seed = 0; accepted + refused.size() < NETWORKS; seed++) {
            RandomNetwork random = new RandomNetwork(seed);
            long[] example = random.example();
            long[] shape = new long[example.length + 1];
            shape[0] = BATCH;
            System.arraycopy(example, 0, shape, 1, example.length);
            INDArray x = normal(seed + 1, 1.0, shape);
            INDArray y = oneHot(classes(seed + 2, BATCH, CLASSES), CLASSES);
            Dl4j expected = trainedByDl4j(random, x, y);
            if (expected == null) {
                continue;
            }
            String refusal =
                    compared(seed + ", " + random, random.network(), x, y, expected, random.isGradientWrongInDl4j());
            if (refusal == null) {
                accepted++;
            } else {
                refused.add(refusal);
            }
        }
        assertTrue(refused.size() <= NETWORKS / 10, accepted + " accepted, refused: " + String.join("\n", refused));
    }

    /** What DL4J computes, or null if it cannot. */
    private static @Nullable Dl4j trainedByDl4j(RandomNetwork random, INDArray x, INDArray y) {
        try {
            Dl4j result = Dl4j.of(random.network(), x.dup(), y, null);
            return !random.isScoreWrongInDl4j()
                            && Double.isFinite(result.score())
                            && Double.isFinite(result.gradient().sumNumber().doubleValue())
                    ? result
                    : null;
        } catch (RuntimeException invalid) {
            return null;
        }
    }

    /** The refusal, or null if the numbers agree. */
    private static @Nullable String compared(
            String what, MultiLayerNetwork net, INDArray x, INDArray y, Dl4j expected, boolean wrongInDl4j) {
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(x, y);
            assertClose(expected.score(), at.loss(), ROUNDING, "loss of " + what);
            INDArray gradient = Dl4j.withoutStatistics(net, expected.gradient());
            if (wrongInDl4j) {
                assertTrueDerivative(what, net, x, y, at.gradient());
            } else {
                assertClose(gradient, at.gradient(), ROUNDING, "gradient of " + what);
            }
            return null;
        } catch (UnsupportedNetworkException refusal) {
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains("Layer "), message);
            return what + ": " + message;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new AssertionError(what, e);
        }
    }

    private static void assertTrueDerivative(
            String what, MultiLayerNetwork net, INDArray x, INDArray y, INDArray gradient) {
        INDArray v = Dl4j.withoutStatistics(net, normal(5, 1.0, net.numParams()));
        double derivative = FiniteDifferences.along(net, v, () -> net.score(new DataSet(x.dup(), y), true));
        assertClose(derivative, gradient.mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩ of " + what);
    }
}
