package org.dl4jgn.spark;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The point where a {@link ClusterProblem} was linearized; what is asked first is what makes the executors linearize. */
final class ClusterPoint implements Point {

    private final ClusterProblem problem;
    private final long number;
    private final @Nullable Announced next;
    private double @Nullable [] numbers;
    private @Nullable Numbers firstProduct;
    private double penaltyValue;
    private int products;
    private boolean isGiven;

    /**
     * A point at the problem's θ.
     *
     * @param number the problem's points are numbered
     * @param next what was announced to be asked
     */
    ClusterPoint(ClusterProblem problem, long number, @Nullable Announced next) {
        this.problem = problem;
        this.number = number;
        this.next = next;
    }

    /** Whether this is there before anybody asked for it. */
    boolean isForeseen() {
        return !isGiven && problem.isCurrent(number);
    }

    /** Somebody asked for it. */
    void give() {
        isGiven = true;
    }

    private void requireValid() {
        if (!problem.isCurrent(number)) {
            throw new IllegalStateException(
                    "This point has ended: its problem was linearized again. Use the new point");
        }
    }

    private double[] numbers() {
        if (numbers != null) {
            return numbers;
        }
        requireValid();
        return ask(null);
    }

    /** Linearizes at once; returns the loss, without its penalty, where θ was before. */
    double linearize(Query.Left before) {
        return ask(before)[5];
    }

    private double[] ask(Query.@Nullable Left before) {
        Numbers v = next == null ? null : next.vector();
        String what = "loss and gradient";
        Partial sum = v == null
                ? problem.ask(what, new Query.Linearize(before, null))
                : ask(what, v, shipped -> new Query.Linearize(before, shipped));
        Numbers data = vector(sum);
        INDArray gradient = problem.gradient();
        int d = Math.toIntExact(gradient.length());
        data.range(0, d).copyTo(gradient);
        firstProduct = v == null ? null : data.range(d, 2 * d);
        INDArray theta = problem.theta();
        problem.penalty().addProduct(theta, gradient);
        penaltyValue = problem.penalty().value(theta);
        numbers = sum.numbers();
        return numbers;
    }

    private Partial ask(String what, Numbers v, Function<Shipped, Query.Task> task) {
        Shipped shipped = problem.shipping().forAll(v);
        try {
            return problem.ask(what, task.apply(shipped));
        } finally {
            shipped.free();
        }
    }

    private static Numbers vector(Partial sum) {
        return Objects.requireNonNull(sum.vector(), "no partition has examples");
    }

    @Override
    public double value() {
        return numbers()[0] + penaltyValue;
    }

    /** What DL4J reports as the loss. */
    double score() {
        return numbers()[1] + penaltyValue;
    }

    @Override
    public double leastValue() {
        return numbers()[2];
    }

    @Override
    public double rounding() {
        return numbers()[3];
    }

    @Override
    public double lossCurvature() {
        return numbers()[4];
    }

    @Override
    public INDArray gradient() {
        requireValid();
        numbers();
        return problem.gradient();
    }

    @Override
    public LinearOperator gaussNewton() {
        return (v, product) -> {
            requireValid();
            product(Numbers.of(v)).copyTo(product);
            problem.penalty().addProduct(v, product);
        };
    }

    private Numbers product(Numbers v) {
        return next != null && firstProduct != null && v.equals(next.vector())
                ? firstProduct
                : vector(ask("product " + ++products, v, Query.Product::new));
    }

    @Override
    public boolean solve(INDArray h, double rho, int iterations, INDArray delta) {
        requireValid();
        if (!problem.solvesLocally()) {
            return false;
        }
        Partial sum = ask(
                "mean of the partitions' solutions",
                Numbers.of(h),
                shipped -> new Query.Solve(shipped, rho, iterations));
        vector(sum).copyTo(delta);
        return true;
    }

    @Override
    public Optional<RowSpace> rowSpace() {
        requireValid();
        return problem.rowSpace();
    }
}
