package org.dl4jgn.testing;

import java.util.stream.Stream;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.params.provider.Arguments;

/** The steps that golden cases of graphs and sequences have, from zero and without a search, and the settings that take them. */
public final class GoldenSteps {

    private GoldenSteps() {}

    /** Case, type, ρ and k of each. */
    public static Stream<Arguments> sgn(Stream<Arguments> cases) {
        return cases.flatMap(c -> Stream.of("0.1", "0.0001")
                .flatMap(rho -> Stream.of(1, 3, 10).map(k -> Arguments.of(c.get()[0], c.get()[1], rho, k))));
    }

    /** Case, type and λ of each. */
    public static Stream<Arguments> egn(Stream<Arguments> cases) {
        return cases.flatMap(c -> Stream.of("0.01", "1").map(lambda -> Arguments.of(c.get()[0], c.get()[1], lambda)));
    }

    public static Sgn sgn(String rho, int k) {
        return Sgn.builder()
                .cgIterations(k)
                .damping(Damping.constant(Double.parseDouble(rho)))
                .lineSearch(LineSearch.none())
                .build();
    }

    public static Egn egn(String lambda) {
        return Egn.builder()
                .damping(Damping.constant(Double.parseDouble(lambda)))
                .lineSearch(LineSearch.none())
                .build();
    }
}
