package org.dl4jgn.testing;

import java.util.List;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.RowSpace;
import org.nd4j.linalg.api.buffer.DataType;

/** The exact systems of a row space by their names. */
public final class Systems {

    public static final String GRAM = "GRAM_CHOLESKY";
    public static final String PARAMETERS = "PARAMETER_CHOLESKY";
    public static final List<String> ALL = List.of(GRAM, PARAMETERS);

    private Systems() {}

    public static RowSpace.SystemOffer offer(RowSpace rows, String name) {
        return rows.systems().stream()
                .filter(system -> system.name().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError("No system " + name));
    }

    /** A system, whatever memory it takes. */
    public static DampedSystem open(RowSpace rows, String name, DataType type) {
        return offer(rows, name).open(type, Long.MAX_VALUE);
    }
}
