package org.dl4jgn.conf;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How {@link Sgn} runs its conjugate gradients; {@link Sgn.Builder} says what each setting does.
 *
 * @param cgIterations k, the largest number of iterations after the warm-up, at least 1
 * @param warmupSteps steps of the warm-up
 * @param warmupIterations iterations of each step of the warm-up
 * @param adaptiveMin least adaptive number of iterations
 * @param adaptiveMax largest adaptive number of iterations; 0 for a fixed number
 * @param residualTolerance ‖residual‖∞ at which iterations stop, in units of the gradient; 0 for never
 * @param relativeProgress relative decrease of the model, for each iteration, below which iterations stop; 0 for never
 * @param warmStart factor on the previous direction that starts the iterations, in [0, 1]
 * @param preconditioner exponent α of the preconditioner (m² + ρ)^α, in [0, 1]; 0 for none
 * @param orthogonalized how many residuals are kept orthogonal against rounding
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public record CgSettings(
        @JsonProperty("cgIterations") int cgIterations,
        @JsonProperty("warmupSteps") int warmupSteps,
        @JsonProperty("warmupIterations") int warmupIterations,
        @JsonProperty("adaptiveMin") int adaptiveMin,
        @JsonProperty("adaptiveMax") int adaptiveMax,
        @JsonProperty("residualTolerance") double residualTolerance,
        @JsonProperty("relativeProgress") double relativeProgress,
        @JsonProperty("warmStart") double warmStart,
        @JsonProperty("preconditioner") double preconditioner,
        @JsonProperty("orthogonalized") int orthogonalized)
        implements Serializable {

    /** Checks the settings. */
    @JsonCreator
    public CgSettings {
        Require.atLeast("cgIterations", cgIterations, 1);
        Require.atLeast("steps of warmup", warmupSteps, 0);
        Require.atLeast("iterations of warmup", warmupIterations, 1);
        if (adaptiveMax != 0) {
            Require.atLeast("min of adaptiveIterations", adaptiveMin, 1);
            Require.atLeast("max of adaptiveIterations", adaptiveMax, adaptiveMin);
        }
        Require.nonNegative("residualTolerance", residualTolerance);
        Require.nonNegative("relativeProgress", relativeProgress);
        Require.upToOne("warmStart", warmStart);
        Require.upToOne("preconditioner", preconditioner);
        Require.atLeast("orthogonalized", orthogonalized, 0);
    }

    /** Whether the number of iterations follows how well the model predicts. */
    public boolean isAdaptive() {
        return adaptiveMax != 0;
    }

    @Override
    public String toString() {
        return "cgIterations=" + cgIterations + ", warmup=(" + warmupSteps + ", " + warmupIterations + ")"
                + (isAdaptive() ? ", adaptiveIterations=(" + adaptiveMin + ", " + adaptiveMax + ")" : "")
                + ", residualTolerance=" + residualTolerance + ", relativeProgress=" + relativeProgress + ", warmStart="
                + warmStart + ", preconditioner=" + preconditioner + ", orthogonalized=" + orthogonalized;
    }
}
