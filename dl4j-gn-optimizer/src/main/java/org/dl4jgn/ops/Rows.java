package org.dl4jgn.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** Some rows of a matrix, one after the other. */
public final class Rows extends GraphOp {

    public static final String NAME = "gn_rows";

    private final long first;
    private final long[] inputShape;

    private Rows(SameDiff graph, SDVariable x, long first, long count, long[] inputShape) {
        super(graph, new SDVariable[] {x}, count, inputShape[1]);
        this.first = first;
        this.inputShape = inputShape.clone();
    }

    /** Adds rows {@code first} to {@code first + count − 1} of x, which has the shape {@code inputShape}. */
    public static SDVariable of(SameDiff graph, SDVariable x, long first, long count, long... inputShape) {
        return new Rows(graph, x, first, count, inputShape).outputVariable();
    }

    /** The first of the rows. */
    public long first() {
        return first;
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable x) {
        return of(graph, x, first, shape()[0], inputShape);
    }

    /** Zeros, the cotangents, zeros. */
    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        List<SDVariable> parts = new ArrayList<>();
        addZeros(parts, first, cotangents.get(0));
        parts.add(cotangents.get(0));
        addZeros(parts, inputShape[0] - first - shape()[0], cotangents.get(0));
        return List.of(sameDiff.concat(0, parts.toArray(SDVariable[]::new)));
    }

    private void addZeros(List<SDVariable> parts, long rows, SDVariable like) {
        if (rows > 0) {
            parts.add(sameDiff.constant(Nd4j.zeros(like.dataType(), rows, inputShape[1])));
        }
    }

    @Override
    public String opName() {
        return NAME;
    }
}
