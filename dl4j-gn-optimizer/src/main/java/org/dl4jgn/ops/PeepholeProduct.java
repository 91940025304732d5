package org.dl4jgn.ops;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** What peepholes p, [n, 3], add to the pre-activations of all steps: [0, c₋ ∘ p₁, c ∘ p₂, c₋ ∘ p₃], [b·T, 4n]. */
public final class PeepholeProduct extends GraphOp {

    public static final String NAME = "gn_peephole_product";

    private PeepholeProduct(SameDiff graph, SDVariable[] in, long rows, long columns) {
        super(graph, in, rows, columns);
    }

    static SDVariable of(
            SameDiff graph, SDVariable peepholes, SDVariable before, SDVariable cells, long rows, long units) {
        return new PeepholeProduct(graph, new SDVariable[] {peepholes, before, cells}, rows, 4 * units)
                .outputVariable();
    }

    @Override
    public SDVariable tangent(SameDiff graph, SDVariable peepholes) {
        return of(graph, peepholes, arg(1), arg(2), shape()[0], shape()[1] / 4);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> cotangents) {
        return List.of(PeepholeSums.of(sameDiff, cotangents.get(0), arg(1), arg(2), shape()[0], shape()[1] / 4));
    }

    @Override
    public String opName() {
        return NAME;
    }
}
