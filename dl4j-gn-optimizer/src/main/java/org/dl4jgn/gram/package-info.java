/**
 * The Gram system and its blocks, and what they cost: exact solution of (H + λI)Δ = −g + a, behind the row space of a
 * point.
 *
 * <pre>
 *                 NetworkRowSpace         a point's rows: offers, factors of layers
 *                /       |       \
 *       SystemCache  OpenSystem  NetworkCosts       buffers kept | a system at a point | work and bytes
 *                        |
 *          ExactMethod, ExactSystem                 a way to solve: one file and one entry in a list
 *             /                  \
 *        GramSystem        ParameterSystem          n × n: R P⁻¹ Rᵀ + NI | d × d: (1/N)RᵀR + P
 *             \                  /
 *                     Rows                          R = SᵀJ in whatever form
 *                      |
 *                 NetworkRows                       those of a compiled network
 *                /           \
 *     RootedOutputs       JacobianRows              S with Q = SSᵀ, by HeadRoots, a CurvatureRoot for each head | J, one block a layer
 *                        /      |     \
 *          UnitCotangents AffineBlock ConvolutionBlock      KeptGram: the matrix of the rows that are not masked
 * </pre>
 *
 * <p>Iterations among the rows take {@code PointRows}: {@code GramOfRows} forms RRᵀ of {@code Rows}, {@code KernelRows} has products with it
 * by a {@code TangentKernel}, SᵀJJᵀS, and forms none.
 *
 * <p>The systems know {@code Rows} and {@link org.dl4jgn.problem.Penalty} alone, and no network. A new way to
 * solve is an {@code ExactSystem} and its entry in {@code ExactMethod.ALL}; a layer of a new kind, a {@code JacobianBlock}.
 *
 * <p>What is large is made once for a compiled network and kept in the {@link org.dl4jgn.gram.SystemCache} of its owner;
 * taking a point in, and solving there, allocates nothing.
 */
@NullMarked
package org.dl4jgn.gram;

import org.jspecify.annotations.NullMarked;
