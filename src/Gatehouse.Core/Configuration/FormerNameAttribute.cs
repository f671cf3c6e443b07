namespace Gatehouse.Core.Configuration;

/// <summary>The name a setting had in an earlier version, such as <c>FreeFailures</c>: who still sets it is told the new one instead of
/// having it ignored.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormerNameAttribute(string name) : Attribute
{
    public string Name => name;
}
