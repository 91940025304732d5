package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The transpose of {@link PeepholeProduct}: [n, 3], sums over all steps. */
public final class PeepholeSums extends GraphOp {

    public static final String NAME = "gn_peephole_sums";

    private final long rows;

    private PeepholeSums(SameDiff graph, SDVariable[] in, long rows, long units) {
        super(graph, in, units, 3);
        this.rows = rows;
    }

    static SDVariable of(SameDiff graph, SDVariable q, SDVariable before, SDVariable cells, long rows, long units) {
        return new PeepholeSums(graph, new SDVariable[] {q, before, cells}, rows, units).outputVariable();
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable q) {
        return of(graph, q, arg(1), arg(2), rows, shape()[0]);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(PeepholeProduct.of(sameDiff, cotangents.get(0), arg(1), arg(2), rows, shape()[0]));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
