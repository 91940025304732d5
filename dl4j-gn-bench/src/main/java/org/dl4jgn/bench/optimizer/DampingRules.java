package org.dl4jgn.bench.optimizer;

import org.dl4jgn.conf.Damping;

/** Damping rules by the words that users write. */
final class DampingRules {

    private DampingRules() {}

    static Damping of(Options options, String valueName, double byDefault, String ruleByDefault) {
        double value = options.positive(valueName, byDefault);
        return switch (options.word("rule", ruleByDefault)) {
            case "hypergradient" -> Damping.hypergradient(value);
            case "relative" -> Damping.relative(value);
            case "constant" -> Damping.constant(value);
            case "trustregion" -> Damping.trustRegion(value);
            case "proportional" -> Damping.proportional(value);
            case "validated" -> Damping.proportional(Damping.validated(value));
            case "nielsen" -> Damping.nielsen(value);
            case "adaptive" -> Damping.adaptive(value);
            default ->
                throw options.wrong(
                        "rule",
                        "hypergradient, relative, constant, validated, proportional, trustregion, nielsen or adaptive");
        };
    }
}
