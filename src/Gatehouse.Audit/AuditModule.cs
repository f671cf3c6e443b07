using Gatehouse.Web.Modules;

namespace Gatehouse.Audit;

/// <summary>What happened: sealing, verifying and listing the records that every module writes with its changes.</summary>
public sealed class AuditModule : IModule
{
    public string Name => "audit";

    public IReadOnlyList<IArea> Areas { get; } = [new AuditArea()];
}
