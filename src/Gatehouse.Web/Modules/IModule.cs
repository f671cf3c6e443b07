namespace Gatehouse.Web.Modules;

/// <summary>
/// A part of the product with a schema of its own: its areas, and the migrations and texts embedded in its assembly. Modules never
/// reference each other; they meet in events and in the few interfaces of Contracts. Nothing is found by scanning.
/// </summary>
public interface IModule
{
    /// <summary>Permanent lower-case name: its database schema, and its name in <c>--modules</c>.</summary>
    string Name { get; }

    IReadOnlyList<IArea> Areas { get; }
}
