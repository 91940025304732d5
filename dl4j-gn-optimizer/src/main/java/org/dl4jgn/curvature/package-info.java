/**
 * The linearized network: loss, gradient, Jacobian and Gauss-Newton products at a point.
 *
 * <p>Notation, throughout the library: b examples, c outputs, d parameters; z = f(x; θ), [b, c], are the
 * pre-activations of the output layer; J = ∂z/∂θ; r = ∂(ℓ∘o)/∂z and Q = ∂²(ℓ∘o)/∂z² are gradient and curvature of loss
 * and output activation; D is the diagonal of l2. Then g = (1/b)Jᵀr + Dθ and H = (1/b)JᵀQJ + D.
 *
 * <p>{@link org.dl4jgn.curvature.Linearization} is for users, with vectors in the order of {@code net.params()};
 * {@link org.dl4jgn.curvature.NetworkProblem} the same for the optimizers, without copies. Below them, {@code
 * CompiledNetwork} compiles the network for one batch size, {@code OutputLoss} and its subclasses are the losses with their
 * curvature ({@code OutputLosses} lists them), {@code L2Penalty} is D, {@code ParameterSpace} the flat vectors.
 */
@NullMarked
package org.dl4jgn.curvature;

import org.jspecify.annotations.NullMarked;
