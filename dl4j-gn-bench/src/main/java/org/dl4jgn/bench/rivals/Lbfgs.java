package org.dl4jgn.bench.rivals;

import breeze.linalg.DenseVector;
import breeze.linalg.Tensor;
import breeze.optimize.ApproximateGradientFunction;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import breeze.util.Isomorphism;
import java.util.Optional;
import scala.$less$colon$less;
import scala.Predef;
import scala.collection.Iterator;

/**
 * L-BFGS of a function, iteration by iteration: Breeze's, with its line search by the strong Wolfe conditions. Nothing of
 * the method is of this project.
 */
final class Lbfgs {

    /** A function to minimize. */
    interface Objective {

        /** f(x), and ∇f(x) in {@code gradient}, both [n]. */
        double at(double[] x, double[] gradient);
    }

    private final Iterator<? extends FirstOrderMinimizer.State<DenseVector<Object>, ?, ?>> states;
    private final Counted function;

    private double[] x;
    private double value;
    private Optional<String> ended = Optional.empty();

    /**
     * Evaluates the function once, at the start.
     *
     * @param memory pairs of differences
     * @param tolerance relative to the function's value, below which its decrease over 20 iterations ends the search; and
     *     of the gradient's length
     */
    Lbfgs(Objective objective, double[] start, int memory, double tolerance) {
        function = new Counted(objective);
        states = new LBFGS<DenseVector<Object>>(-1, memory, tolerance, DenseVector.space_Double())
                .iterations(function.function(), new DenseVector<Object>(start.clone()));
        x = start.clone();
        take();
    }

    private void take() {
        FirstOrderMinimizer.State<DenseVector<Object>, ?, ?> state = states.next();
        x = numbers(state.x());
        value = state.value();
        ended = state.convergenceReason().isEmpty()
                ? Optional.empty()
                : Optional.of(state.convergenceReason().get().reason());
    }

    /** One iteration: a direction, and a line search along it. Nothing, once it has ended. */
    void iterate() {
        if (ended.isPresent()) {
            return;
        }
        if (states.hasNext()) {
            take();
        } else {
            ended = Optional.of("no further iteration");
        }
    }

    /** Where it is, [n]. */
    double[] x() {
        return x.clone();
    }

    /** f there. */
    double value() {
        return value;
    }

    /** Why it has ended; empty while it goes on. */
    Optional<String> ended() {
        return ended;
    }

    /** How often f was evaluated, with its gradient. */
    long evaluations() {
        return function.evaluations;
    }

    private static double[] numbers(DenseVector<Object> vector) {
        double[] numbers = new double[vector.length()];
        double[] data = (double[]) vector.data();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = data[vector.offset() + i * vector.stride()];
        }
        return numbers;
    }

    /**
     * The function as Breeze takes it. Java cannot implement Breeze's interface of functions, which has a method of two return
     * types, but it can implement the isomorphism through which one of Breeze's own is seen: on the way there f and its
     * gradient are computed and kept, the function in the middle is one of no variables whose value is the f that was kept,
     * and on the way back its gradient, which is empty, becomes the one that was kept.
     */
    private static final class Counted implements Isomorphism<DenseVector<Object>, DenseVector<Object>> {

        private static final long serialVersionUID = 1L;

        private final transient Objective objective;
        private transient double value;
        private transient double[] gradient = {};
        private transient long evaluations;

        Counted(Objective objective) {
            this.objective = objective;
        }

        @SuppressWarnings("unchecked")
        DiffFunction<DenseVector<Object>> function() {
            $less$colon$less<DenseVector<Object>, Tensor<Object, Object>> isTensor =
                    ($less$colon$less<DenseVector<Object>, Tensor<Object, Object>>)
                            ($less$colon$less<?, ?>) Predef.$conforms();
            return new ApproximateGradientFunction<Object, DenseVector<Object>>(
                            nothing -> value, 1, nothing -> empty(), isTensor, nothing -> empty())
                    .throughLens(this);
        }

        private static DenseVector<Object> empty() {
            return new DenseVector<>(new double[0]);
        }

        @Override
        public DenseVector<Object> backward(DenseVector<Object> at) {
            evaluations++;
            gradient = new double[at.length()];
            value = objective.at(numbers(at), gradient);
            return empty();
        }

        @Override
        public DenseVector<Object> forward(DenseVector<Object> nothing) {
            return new DenseVector<>(gradient);
        }
    }
}
