namespace Gatehouse.Core.Configuration;

/// <summary>Marks a setting whose value never appears in messages, logs or documents.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
