package org.dl4jgn.spark;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How vectors get to tasks. A short one travels with the question, which saves each executor several requests; a longer one is
 * broadcast, once to each executor, piece by piece among them.
 *
 * @param most bytes up to which a vector travels with the question
 */
record Shipping(JavaSparkContext context, long most) {

    /** Bytes up to which a vector is put into the code of a job: Spark sends that to each executor once, too. */
    static final long SHORT = 1 << 18;

    /** For tasks that all read it. */
    Shipped forAll(Numbers numbers) {
        return inQuestion(numbers).orElseGet(() -> forSome(numbers));
    }

    /** In the question, if it is short. */
    Optional<Shipped> inQuestion(Numbers numbers) {
        return numbers.bytes() <= most ? Optional.of(new Shipped(numbers, null)) : Optional.empty();
    }

    /** For tasks of which most have it already. */
    Shipped forSome(Numbers numbers) {
        return new Shipped(null, context.broadcast(numbers));
    }
}
