package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.problem.Point;
import org.dl4jgn.testing.DelegatingProblem;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.Training;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a step announces to its problem is what it asks for next, to the bit. */
class AnnouncementTest {

    private static final double[] START = {0.3, -0.2, 0.5, 0.1, -0.4};
    private static final DenseProblem DENSE = DenseProblem.random(Loss.SOFTMAX, 8, 3, START.length, 5);

    /** A question: what kind, and at or of which vector. */
    private record Asked(String what, INDArray vector) {}

    /** Writes down what is announced and what is asked. */
    private static final class Recorder extends DelegatingProblem {

        private final List<Asked> announced = new ArrayList<>();
        private final List<Asked> asked = new ArrayList<>();

        Recorder() {
            super(DENSE);
        }

        @Override
        public void announce(@Nullable INDArray before, INDArray theta, Supplier<Optional<INDArray>> vector) {
            announced.clear();
            asked.clear();
            add(announced, "value", before);
            add(announced, "linearization", theta);
            add(announced, "product", vector.get().orElse(null));
        }

        private static void add(List<Asked> list, String what, @Nullable INDArray vector) {
            if (vector != null) {
                list.add(new Asked(what, vector.dup()));
            }
        }

        @Override
        public double value(INDArray theta) {
            add(asked, "value", theta);
            return super.value(theta);
        }

        @Override
        public Point linearize(INDArray theta) {
            add(asked, "linearization", theta);
            Point point = super.linearize(theta);
            return (Point) Proxy.newProxyInstance(
                    Point.class.getClassLoader(),
                    new Class<?>[] {Point.class},
                    (self, method, arguments) -> method.getName().equals("gaussNewton")
                            ? recorded(point.gaussNewton())
                            : method.invoke(point, arguments));
        }

        private LinearOperator recorded(LinearOperator h) {
            return (v, product) -> {
                add(asked, "product", v);
                h.apply(v, product);
            };
        }

        void assertIsAskedAsAnnounced(int count) {
            assertEquals(count, announced.size());
            for (int i = 0; i < count; i++) {
                assertEquals(announced.get(i).what, asked.get(i).what);
                assertArrayEquals(bits(announced.get(i).vector), bits(asked.get(i).vector), announced.get(i).what);
            }
        }
    }

    private static void assertIsAsked(Sgn settings, int first, int later) {
        Recorder recorder = new Recorder();
        try (Training training = new Training(settings, DENSE.vector(START))) {
            for (int i = 0; i < 4; i++) {
                training.step(recorder);
                recorder.assertIsAskedAsAnnounced(i == 0 ? first : later);
            }
        }
    }

    /** A pace asks for the loss at the step before, projected momentum for the product with that step. */
    @Test
    void theDefaultsAskForALossALinearizationAndAProduct() {
        assertIsAsked(Sgn.builder().build(), 1, 3);
    }

    @Test
    void aStepThatRemembersNothingAsksForALinearization() {
        Sgn sgn = Sgn.builder()
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .build();
        assertIsAsked(sgn, 1, 1);
    }
}
