/**
 * What a serving job remembers of one entity, and the bytes it becomes. Three states per key,
 * written at different rates:
 *
 * <pre>
 *   hot      ValueState(EntityState)        read and written once per event: hidden floats, scale, times, position
 *   ring     MapState(slot, Reading)        one slot written per event; read whole only by a re-warm
 *   pending  MapState(slot, Forecast)       one slot written and one read per event: forecasts awaiting their truth
 *   delayed  ValueState(DelayedEvents)      only with ordering.max-delay above 0: events not yet released
 * </pre>
 *
 * <p>Every format here is version 1. A serializer's bytes never change under the same version
 * (golden bytes are kept by tests); a snapshot of a newer version is refused with a message that
 * says which build to use. Nothing is written by Kryo or Java serialisation. Why the state is split
 * like this: docs/decisions/0003-entity-state.md.
 */
package dev.eddy.jobs.state;
