package org.dl4jgn.bench.optimizer;

import org.dl4jgn.conf.Damping;

/** Damping rules by the words that users write. */
final class DampingRules {

    private DampingRules() {}

    /**
     * The rule that is named.
     *
     * @param valueName the setting with the rule's value
     * @param ruleByDefault where none is named
     * @param ofDamping the default value of rules whose value is a damping itself, and no multiple of something
     */
    static Damping of(Options options, String valueName, String ruleByDefault, double ofDamping) {
        String rule = options.word("rule", ruleByDefault);
        double byDefault = switch (rule) {
            case "hypergradient" -> 2;
            case "relative" -> 0.03;
            case "validated", "proportional" -> 4;
            default -> ofDamping;
        };
        double value = options.positive(valueName, byDefault);
        return switch (rule) {
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
