package org.dl4jgn.loss;

import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.translate.OutputActivation;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The output o = σ(z), element by element, and σ′: the inverse link function of a generalized linear model. */
abstract class InverseLink {

    /** o, [b, c]. */
    final INDArray o;

    /** σ′(z), [b, c], or null where it is one everywhere. */
    final @Nullable INDArray derivative;

    private InverseLink(INDArray o, @Nullable INDArray derivative) {
        this.o = o;
        this.derivative = derivative;
    }

    /** The activation of {@code inputs}, which is not a softmax. */
    static InverseLink of(LossInputs inputs, LossMemory memory) {
        if (inputs.activation().isIdentity()) {
            return new Identity(inputs.z());
        }
        if (inputs.head().activation().getClass() == ActivationSoftPlus.class) {
            return new Softplus(inputs.z(), memory);
        }
        return new Compiled(memory.own(compile(inputs)));
    }

    /** Computes o at z. */
    abstract void evaluate();

    /** Computes σ′ at the z of the last {@link #evaluate}. */
    abstract void differentiate();

    private static final class Identity extends InverseLink {

        Identity(INDArray z) {
            super(z, null);
        }

        @Override
        void evaluate() {}

        @Override
        void differentiate() {}
    }

    /** log(1 + eᶻ); ND4J's own is 0 in float for z under −17, and infinite for z above 88. */
    static final class Softplus extends InverseLink {

        final INDArray z;
        private final Program value;
        private final Program slope;

        Softplus(INDArray z, LossMemory memory) {
            this(z, memory, memory.array(), memory.array());
        }

        private Softplus(INDArray z, LossMemory memory, INDArray o, INDArray derivative) {
            super(o, derivative);
            this.z = z;
            SoftplusTerms terms = new SoftplusTerms(memory, z);
            value = memory.program();
            terms.append(value);
            value.add(terms.positive, terms.tail, o);
            slope = memory.program().apply("sigmoid", z, derivative);
        }

        @Override
        void evaluate() {
            value.run();
        }

        @Override
        void differentiate() {
            slope.run();
        }
    }

    /** Any other activation, as ND4J computes it. */
    private static final class Compiled extends InverseLink {

        private final ExecutionPlan plan;

        Compiled(ExecutionPlan plan) {
            super(plan.output("o"), plan.output("derivative"));
            this.plan = plan;
        }

        @Override
        void evaluate() {
            plan.run(Stage.FORWARD);
        }

        @Override
        void differentiate() {
            plan.run(Stage.LINEARIZE);
        }
    }

    /** The activation and, by forward mode along ones, its derivative. */
    private static ExecutionPlan compile(LossInputs inputs) {
        OutputActivation activation = inputs.activation();
        INDArray z = inputs.z();
        SDVariable ones = activation.graph().placeHolder("ones", z.dataType(), z.shape());
        SDVariable derivative = new ForwardMode(activation.graph())
                .seed(activation.z(), ones)
                .tangent(activation.o())
                .orElseThrow();
        activation.graph().renameVariable(activation.o().name(), "o");
        activation.graph().renameVariable(derivative.name(), "derivative");
        PlanCompiler compiler = new PlanCompiler(activation.graph())
                .exact()
                .input("z", z, Stage.FORWARD)
                .onesInput("ones", z)
                .forwardOutput("o")
                .output("derivative");
        inputs.noise().declare(compiler);
        return compiler.compile();
    }
}
