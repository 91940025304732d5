package org.dl4jgn.bench.rivals;

import breeze.linalg.DenseVector;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
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
     * The function as Breeze takes it. Its interface has a Scala method of two return types, which Java cannot implement, so
     * that this is a proxy: {@code calculate} is ours, all else the interface's own.
     */
    private static final class Counted implements InvocationHandler {

        private final Objective objective;
        private long evaluations;

        Counted(Objective objective) {
            this.objective = objective;
        }

        @SuppressWarnings("unchecked")
        DiffFunction<DenseVector<Object>> function() {
            return (DiffFunction<DenseVector<Object>>) Proxy.newProxyInstance(
                    DiffFunction.class.getClassLoader(), new Class<?>[] {DiffFunction.class}, this);
        }

        @Override
        @SuppressWarnings("unchecked")
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            return method.getName().equals("calculate") && arguments != null
                    ? calculate((DenseVector<Object>) arguments[0])
                    : InvocationHandler.invokeDefault(proxy, method, arguments);
        }

        private Tuple2<Object, DenseVector<Object>> calculate(DenseVector<Object> at) {
            evaluations++;
            double[] gradient = new double[at.length()];
            double f = objective.at(numbers(at), gradient);
            return new Tuple2<>(f, new DenseVector<>(gradient));
        }
    }
}
