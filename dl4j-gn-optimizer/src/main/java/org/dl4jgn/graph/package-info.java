/** Translates DL4J networks to SameDiff graphs: one small class a layer, in one registry. */
@NullMarked
package org.dl4jgn.graph;

import org.jspecify.annotations.NullMarked;
