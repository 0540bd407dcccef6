/** Placeholder. */
package dev.eddy.model.vector;
