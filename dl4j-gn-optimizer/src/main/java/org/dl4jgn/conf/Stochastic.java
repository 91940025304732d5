package org.dl4jgn.conf;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What steps make of the noise of mini-batches; {@link GaussNewtonUpdater.Builder} says what each setting does.
 *
 * @param pace the rule of length and damping, or null for none
 * @param projectedMomentum μ, in [0, 1); 0 for none
 * @param averaging power of the average of the iterates; 0 for none
 * @param curvatureShare share of the mini-batch that H is taken from, in (0, 1]; 0 for a share that follows from size and cost
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public record Stochastic(
        @JsonProperty("pace") @Nullable Pace pace,
        @JsonProperty("projectedMomentum") double projectedMomentum,
        @JsonProperty("averaging") double averaging,
        @JsonProperty("curvatureShare") double curvatureShare)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Each step by itself, on the whole mini-batch: as both papers have it. */
    public static final Stochastic NONE = new Stochastic(null, 0, 0, 1);

    /** What needs no setting. */
    public static final Stochastic STANDARD = new Stochastic(Pace.standard(), 0.9, 8, 0);

    /** Checks the settings. */
    @JsonCreator
    public Stochastic {
        Require.fraction("projectedMomentum", projectedMomentum);
        Require.nonNegative("averaging", averaging);
        Require.upToOne("curvatureShare", curvatureShare);
    }
}
