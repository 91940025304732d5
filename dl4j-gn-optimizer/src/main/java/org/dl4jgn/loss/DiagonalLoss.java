package org.dl4jgn.loss;

import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.translate.OutputActivation;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pointwise loss on an element-wise activation o = σ(z): r = ℓ′σ′ and Q = diag(ℓ″σ′²).
 *
 * <p>For binary cross-entropy on a sigmoid, the matching pair, Q = diag(o(1 − o)).
 */
final class DiagonalLoss extends OutputLoss {

    private final INDArray curvature;
    private final Program linearize = new Program();
    private final Program multiply = new Program();
    private final PointwiseLoss loss;
    private final double scale;
    private final @Nullable ExecutionPlan activation;

    /** Makes the loss of arrays that exist once o does. */
    interface Factory {
        PointwiseLoss create(PointwiseLoss.Arrays arrays);
    }

    DiagonalLoss(
            INDArray z,
            OutputActivation head,
            HeadNoise noise,
            @Nullable INDArray omega,
            boolean matching,
            Factory factory,
            INDArray in,
            INDArray out) {
        super(z);
        scale = 1.0 / z.size(0);
        curvature = z.ulike();
        INDArray derivative = null;
        if (head.o() == head.z()) {
            activation = null;
        } else {
            activation = compile(head, noise, z);
            derivative = activation.output("derivative");
        }
        INDArray o = activation == null ? z : activation.output("o");
        INDArray first = z.ulike();
        loss = factory.create(new PointwiseLoss.Arrays(o, y, omega, first, curvature, z.ulike()));
        if (derivative == null) {
            linearize.copy(first, residual);
        } else {
            linearize.multiply(first, derivative, residual);
            linearize.multiply(curvature, derivative, curvature).multiply(curvature, derivative, curvature);
        }
        if (matching) {
            linearize.subtract(o.ulike().assign(1.0), o, curvature).multiply(curvature, o, curvature);
            if (omega != null) {
                linearize.multiply(curvature, omega, curvature);
            }
        }
        multiply.multiply(in, curvature, out);
    }

    /** The activation and, by forward mode along ones, its derivative. */
    private static ExecutionPlan compile(OutputActivation head, HeadNoise noise, INDArray z) {
        SDVariable ones = head.graph().placeHolder("ones", z.dataType(), z.shape());
        SDVariable derivative = new ForwardMode(head.graph())
                .seed(head.z(), ones)
                .tangent(head.o())
                .orElseThrow();
        head.graph().renameVariable(head.o().name(), "o");
        head.graph().renameVariable(derivative.name(), "derivative");
        PlanCompiler compiler = new PlanCompiler(head.graph())
                .exact()
                .input("z", z, Stage.FORWARD)
                .onesInput("ones", z)
                .forwardOutput("o")
                .output("derivative");
        noise.declare(compiler);
        return compiler.compile();
    }

    @Override
    public double sum() {
        if (activation != null) {
            activation.run(Stage.FORWARD);
        }
        return loss.sum();
    }

    @Override
    public void linearize() {
        if (activation != null) {
            activation.run(Stage.LINEARIZE);
        }
        loss.differentiate();
        linearize.run();
        Vectors.scale(scale, curvature);
    }

    @Override
    public void multiplyCurvature() {
        multiply.run();
    }

    /** S = √Q. */
    @Override
    public INDArray squaredRoot() {
        return curvature;
    }

    @Override
    public void close() {
        super.close();
        if (activation != null) {
            activation.close();
        }
    }
}
