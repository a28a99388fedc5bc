export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  public: {
    Tables: {
      actp_agent_audit_log: {
        Row: {
          action_type: string;
          agent_id: string;
          approval_id: string | null;
          completed_at: string | null;
          created_at: string;
          error: string | null;
          event_id: string;
          id: number;
          ip_address: unknown;
          request_id: string | null;
          result: Json | null;
          started_at: string | null;
          status: string;
          task_id: string | null;
          user_agent: string | null;
        };
        ComputedFields: never;
        Insert: {
          action_type: string;
          agent_id: string;
          approval_id?: string | null;
          completed_at?: string | null;
          created_at?: string;
          error?: string | null;
          event_id?: string;
          id?: never;
          ip_address?: unknown;
          request_id?: string | null;
          result?: Json | null;
          started_at?: string | null;
          status: string;
          task_id?: string | null;
          user_agent?: string | null;
        };
        Update: {
          action_type?: string;
          agent_id?: string;
          approval_id?: string | null;
          completed_at?: string | null;
          created_at?: string;
          error?: string | null;
          event_id?: string;
          id?: never;
          ip_address?: unknown;
          request_id?: string | null;
          result?: Json | null;
          started_at?: string | null;
          status?: string;
          task_id?: string | null;
          user_agent?: string | null;
        };
        Relationships: [];
      };
      actp_agent_health_snapshots: {
        Row: {
          created_at: string;
          duration_ms: number;
          failures: NonNullable<Json>;
          flaky: NonNullable<Json>;
          heal: Json | null;
          id: string;
          run_id: string;
          services: NonNullable<Json>;
          services_total: number;
          services_up: number;
          status: string;
          suites: NonNullable<Json>;
          tests_failed: number;
          tests_passed: number;
          tests_total: number;
          trigger: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          duration_ms?: number;
          failures?: NonNullable<Json>;
          flaky?: NonNullable<Json>;
          heal?: Json | null;
          id?: string;
          run_id: string;
          services?: NonNullable<Json>;
          services_total?: number;
          services_up?: number;
          status: string;
          suites?: NonNullable<Json>;
          tests_failed?: number;
          tests_passed?: number;
          tests_total?: number;
          trigger: string;
        };
        Update: {
          created_at?: string;
          duration_ms?: number;
          failures?: NonNullable<Json>;
          flaky?: NonNullable<Json>;
          heal?: Json | null;
          id?: string;
          run_id?: string;
          services?: NonNullable<Json>;
          services_total?: number;
          services_up?: number;
          status?: string;
          suites?: NonNullable<Json>;
          tests_failed?: number;
          tests_passed?: number;
          tests_total?: number;
          trigger?: string;
        };
        Relationships: [];
      };
      actp_leases: {
        Row: {
          expires_at: string;
          holder: string;
          name: string;
        };
        ComputedFields: never;
        Insert: {
          expires_at: string;
          holder: string;
          name: string;
        };
        Update: {
          expires_at?: string;
          holder?: string;
          name?: string;
        };
        Relationships: [];
      };
      actp_notifications: {
        Row: {
          attempts: number;
          body: string;
          created_at: string;
          dedupe_key: string;
          id: string;
          kind: string;
          last_error: string | null;
          message_id: number | null;
          sent_at: string | null;
          state: string;
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          body: string;
          created_at?: string;
          dedupe_key: string;
          id?: string;
          kind: string;
          last_error?: string | null;
          message_id?: number | null;
          sent_at?: string | null;
          state?: string;
        };
        Update: {
          attempts?: number;
          body?: string;
          created_at?: string;
          dedupe_key?: string;
          id?: string;
          kind?: string;
          last_error?: string | null;
          message_id?: number | null;
          sent_at?: string | null;
          state?: string;
        };
        Relationships: [];
      };
      actp_schedule_runs: {
        Row: {
          due_at: string;
          finished_at: string | null;
          job_id: string | null;
          schedule: string;
          started_at: string | null;
          status: string;
        };
        ComputedFields: never;
        Insert: {
          due_at: string;
          finished_at?: string | null;
          job_id?: string | null;
          schedule: string;
          started_at?: string | null;
          status: string;
        };
        Update: {
          due_at?: string;
          finished_at?: string | null;
          job_id?: string | null;
          schedule?: string;
          started_at?: string | null;
          status?: string;
        };
        Relationships: [];
      };
      actp_schedules: {
        Row: {
          name: string;
          pattern: string;
          tz: string;
          valid_from: string;
        };
        ComputedFields: never;
        Insert: {
          name: string;
          pattern: string;
          tz: string;
          valid_from?: string;
        };
        Update: {
          name?: string;
          pattern?: string;
          tz?: string;
          valid_from?: string;
        };
        Relationships: [];
      };
      actp_selftest_runs: {
        Row: {
          finished_at: string | null;
          holder: string;
          job_id: string | null;
          lease_until: string;
          run_id: string;
          started_at: string;
          step: string;
          trigger: string;
        };
        ComputedFields: never;
        Insert: {
          finished_at?: string | null;
          holder: string;
          job_id?: string | null;
          lease_until: string;
          run_id: string;
          started_at?: string;
          step?: string;
          trigger: string;
        };
        Update: {
          finished_at?: string | null;
          holder?: string;
          job_id?: string | null;
          lease_until?: string;
          run_id?: string;
          started_at?: string;
          step?: string;
          trigger?: string;
        };
        Relationships: [];
      };
      actp_users: {
        Row: {
          created_at: string;
          email: string;
          id: string;
          password_hash: string;
          role: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          email: string;
          id?: string;
          password_hash: string;
          role?: string;
        };
        Update: {
          created_at?: string;
          email?: string;
          id?: string;
          password_hash?: string;
          role?: string;
        };
        Relationships: [];
      };
    };
    Views: {
      [_ in never]: never;
    };
    Functions: {
      acquire_lease: {
        Args: { p_holder: string; p_name: string; p_seconds: number };
        Returns: boolean;
      };
      begin_selftest_run: {
        Args: {
          p_holder: string;
          p_job_id: string;
          p_lease_seconds: number;
          p_run_id: string;
          p_trigger: string;
        };
        Returns: boolean;
      };
      due_notifications: {
        Args: { p_limit: number; p_older_than_seconds: number };
        Returns: string[];
      };
      enqueue_notification: {
        Args: { p_body: string; p_dedupe_key: string; p_kind: string };
        Returns: string;
      };
      ensure_operator: { Args: { p_email: string; p_password_hash: string }; Returns: boolean };
      extend_selftest_run: {
        Args: { p_lease_seconds: number; p_run_id: string; p_step: string };
        Returns: boolean;
      };
      find_user: {
        Args: { p_email: string };
        Returns: {
          email: string;
          id: string;
          password_hash: string;
          role: string;
        }[];
      };
      finish_notification: {
        Args: { p_id: string; p_message_id?: number; p_state: string };
        Returns: boolean;
      };
      last_schedule_runs: {
        Args: Record<PropertyKey, never>;
        Returns: {
          due_at: string;
          schedule: string;
          started_at: string;
          status: string;
        }[];
      };
      note_notification_failure: { Args: { p_error: string; p_id: string }; Returns: boolean };
      plane_readiness: { Args: Record<PropertyKey, never>; Returns: Json };
      reap_selftest_runs: { Args: Record<PropertyKey, never>; Returns: number };
      record_missed_run: {
        Args: { p_body: string; p_due_at: string; p_schedule: string };
        Returns: string;
      };
      record_schedule_run: {
        Args: { p_due_at: string; p_job_id: string; p_schedule: string; p_status: string };
        Returns: undefined;
      };
      record_snapshot: { Args: { p_alert: Json; p_snapshot: Json }; Returns: Json };
      register_schedules: { Args: { p_schedules: Json }; Returns: undefined };
      release_lease: { Args: { p_holder: string; p_name: string }; Returns: boolean };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  public: {
    Enums: {},
  },
} as const;
