package org.dl4jgn.autodiff;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Finds what a transposed product reads beside the cotangent and the parameters, such as derivatives of activations.
 *
 * <p>With them given, the product can be taken on its own: with other cotangents, or with several for one example, where
 * the factors of the example serve all of them.
 */
public final class TransposeFactors {

    private final Reachability fromCotangent;
    private final Reachability fromTangents;
    private final Reachability fromData;
    private final Set<String> visited = new HashSet<>();
    private final Set<String> factors = new LinkedHashSet<>();

    private TransposeFactors(
            SameDiff graph,
            Collection<SDVariable> cotangents,
            Collection<SDVariable> tangents,
            Collection<SDVariable> data) {
        fromCotangent = new Reachability(graph);
        fromTangents = new Reachability(graph);
        fromData = new Reachability(graph);
        cotangents.forEach(v -> fromCotangent.from(v.name()));
        tangents.forEach(v -> fromTangents.from(v.name()));
        data.forEach(v -> fromData.from(v.name()));
    }

    /**
     * Names of the factors, in the order in which they are met.
     *
     * @param cotangents what the product is taken of
     * @param tangents seeds of the tangent graph that was transposed; the product reads no more than shapes of them
     * @param data inputs that have one row an example
     * @param products the results of the product
     */
    public static Set<String> of(
            SameDiff graph,
            Collection<SDVariable> cotangents,
            Collection<SDVariable> tangents,
            Collection<SDVariable> data,
            Collection<SDVariable> products) {
        TransposeFactors search = new TransposeFactors(graph, cotangents, tangents, data);
        products.forEach(p -> search.visit(p.name()));
        return search.factors;
    }

    private void visit(String name) {
        if (!visited.add(name)) {
            return;
        }
        if (!fromCotangent.reaches(name)) {
            if (fromData.reaches(name) && !fromTangents.reaches(name)) {
                factors.add(name);
            }
            return;
        }
        SameDiffOp producer = fromCotangent.producer(name).orElse(null);
        if (producer != null) {
            producer.getInputsToOp().forEach(this::visit);
        }
    }
}
