package org.dl4jgn.optimize;

/** How a step ended, for whatever record tells of it. */
public interface StepOutcome {

    /** The ways in which a step ends. */
    enum Outcome {
        /** The parameters moved. */
        ACCEPTED,
        /**
         * No trial step was acceptable, or the solver found no direction; the parameters are what they were, and the
         * damping is higher.
         */
        REJECTED,
        /**
         * A number of the direction or of the last trial was not finite, and the parameters are what they were; or loss or
         * gradient are not finite where the step before led, and the parameters are those before that step. The damping is
         * much higher.
         */
        INVALID,
        /**
         * Nothing can be gained on this mini-batch any more: the gradient is zero, or as small as the solver was asked to
         * make it; or no trial was acceptable, and neither the direction nor the gradient promises more than rounding of
         * the loss; or the step is too short to change a parameter, or its length was set to 0. The parameters are what they
         * were, and the damping too; it is lower only if it is what makes the step so short. This neither counts as rejected
         * nor ends a row of rejections.
         */
        CONVERGED
    }

    /** How it ended. */
    Outcome outcome();
}
